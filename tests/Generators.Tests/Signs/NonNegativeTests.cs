using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Signs;

/// <summary>Which values are proven not to be negative, seen by the quantizer of an average pool behind them.</summary>
public sealed class NonNegativeTests
{
    [Theory]
    [InlineData("x = x.relu();")]
    [InlineData("x = functional.relu6(conv.call(x), inplace: true);")]
    [InlineData("x = torch.sigmoid(x);")]
    [InlineData("x = functional.softmax(x, -1);")]
    [InlineData("x = functional.hardsigmoid(x);")]
    [InlineData("x = x.abs();")]
    [InlineData("x = x.clamp(0, 6);")]
    [InlineData("x = torch.clamp(x, min: 0.5);")]
    [InlineData("x.relu_();")]
    [InlineData("x = relu.call(conv.call(x));")]
    [InlineData("x = act.call(x);")]
    [InlineData("x = head.call(x);")]
    [InlineData("x = (relu?.call(x))!;")]
    public void What_comes_out_of_an_activation_is_not_negative(string statements) => Assert.True(IsProven(statements));

    [Theory]
    [InlineData("x = functional.dropout(functional.max_pool2d(x.relu(), 2), 0.5, training).flatten(1);")]
    [InlineData("x = pool.call(dropout.call(x.relu()));")]
    [InlineData("x = keep.call(x.relu());")]
    [InlineData("x = x.relu().view(-1, 8).transpose(0, 1)[.., 0].mean(new long[] { 1 }).contiguous();")]
    [InlineData("x = x.relu() + x.abs();")]
    [InlineData("x = 2 * x.relu() / 3.0f + 1;")]
    [InlineData("x = x.relu().add(x.abs()).mul(x.sigmoid());")]
    [InlineData("x = torch.add(x.relu(), x.abs());")]
    [InlineData("x = cat([x.relu(), x.abs()], -1);")]
    [InlineData("x = torch.cat(new[] { x.relu(), torch.zeros(1) }, 1);")]
    [InlineData("x = x.softmax(-1).matmul(x.relu());")]
    [InlineData("x += 1; x = x.relu(); x += x.abs(); x *= 2;")]
    [InlineData("using var scope = NewDisposeScope(); x = x.relu().MoveToOuterDisposeScope();")]
    public void What_is_computed_of_such_values_is_not_negative(string statements) => Assert.True(IsProven(statements));

    [Theory]
    [InlineData("if (training) { x = x.relu(); } else { x = x.abs(); }")]
    [InlineData("x = training ? x.relu() : x.sigmoid();")]
    [InlineData("x = x.dim() switch { 2 => x.relu(), 3 => x.abs(), _ => x.sigmoid() };")]
    [InlineData("switch (x.dim()) { case 2: x = x.relu(); break; default: x = x.abs(); break; }")]
    [InlineData("x = x.relu(); for (int i = 0; i < 2; i++) { x = x + x.abs(); }")]
    [InlineData("x = x.relu(); foreach (var layer in layers) { x = layer.call(x).relu(); }")]
    [InlineData("x = x.relu(); while (true) { if (x.dim() == 2) { break; } x = x.flatten(1); }")]
    [InlineData("x = Rectified(x);")]
    [InlineData("Tensor Local(Tensor t) => t.relu(); x = Local(x);")]
    [InlineData("Func<Tensor, Tensor> f = t => t.abs(); x = f(x);")]
    [InlineData("var (a, b) = (x.relu(), x); x = a;")]
    [InlineData("try { x = x.relu(); } catch (InvalidOperationException) { return x; }")]
    public void Both_sides_of_a_branch_and_every_turn_of_a_loop_count(string statements) => Assert.True(IsProven(statements));

    [Theory]
    [InlineData("")]
    [InlineData("x = conv.call(x.relu());")]
    [InlineData("x = x.relu() - x.abs();")]
    [InlineData("x = -x.relu();")]
    [InlineData("x = x.relu() * -2;")]
    [InlineData("x = x.relu() + x;")]
    [InlineData("x = x.relu().add(x.abs(), -1);")]
    [InlineData("x = x.clamp(-1, 6);")]
    [InlineData("x = cat([x.relu(), x], 1);")]
    [InlineData("x = norm.call(x.relu());")]
    [InlineData("x = other.call(x);")]
    [InlineData("x = open.call(x);")]
    [InlineData("x = mixed.call(x);")]
    [InlineData("x = grown.call(x);")]
    [InlineData("if (training) { x = x.relu(); }")]
    [InlineData("x = training ? x.relu() : x;")]
    [InlineData("switch (x.dim()) { case 2: x = x.relu(); break; }")]
    [InlineData("switch (x.dim()) { case 2: if (training) { break; } x = x.relu(); break; default: x = x.relu(); break; }")]
    [InlineData("x = x.relu(); for (int i = 0; i < 2; i++) { if (i == 1) { x = conv.call(x); } }")]
    [InlineData("x = x.relu(); var y = x; var z = y; while (training) { x = y; y = z; z = conv.call(z); }")]
    [InlineData("x = x.relu(); foreach (var layer in layers) { x = conv.call(x); if (training) { break; } x = x.relu(); }")]
    [InlineData("x = x.relu(); for (int i = 0; i < 2; i++) { x = conv.call(x); if (training) { continue; } x = x.relu(); }")]
    [InlineData("x = x.relu(); var y = x; y.sub_(1);")]
    [InlineData("x = x.relu(); init.normal_(x);")]
    [InlineData("x = x.relu(); x[0] = x - 1;")]
    [InlineData("var y = x; x[0].relu_();")]
    [InlineData("x = x.relu(); Change(ref x); static void Change(ref Tensor t) => t = -t;")]
    [InlineData("x = x.relu(); void Change() => x = -x; Change();")]
    [InlineData("x = x.relu(); Action change = () => x = -x; change();")]
    [InlineData("x = x.relu(); layers[0].call(x);")]
    [InlineData("x = x.relu(); Elsewhere.Change(x);")]
    [InlineData("x = Virtual(x);")]
    [InlineData("try { x = conv.call(x); x = x.relu(); } catch (InvalidOperationException) { }")]
    [InlineData("x = x.relu(); again: if (training) { x = conv.call(x); goto again; }")]
    [InlineData("x = x.relu(); ref Tensor same = ref x; same = conv.call(same);")]
    [InlineData("_ = training && (x = x.relu()).dim() > 1;")]
    [InlineData("var y = training ? x : null; y ??= x = x.relu();")]
    [InlineData("_ = relu?.call(x = x.relu());")]
    [InlineData("x = x.relu(); while ((x = conv.call(x)).dim() > 2) { x = x.relu(); }")]
    [InlineData("for (x = x.relu(); x.dim() > 2; x = conv.call(x)) { _ = x; }")]
    [InlineData("x = x.relu(); var y = x; functional.hardtanh(y, -2, -1, inplace: true);")]
    [InlineData("x = tupled.call(x);")]
    [InlineData("x = made.call(x);")]
    [InlineData("Func<Tensor, Tensor> f = t => t.relu(); for (int i = 0; i < 2; i++) { x = f(x); f = t => -t; }")]
    [InlineData("var list = new List<Tensor> { x.relu() }; var same = list; same[0] = x; x = list[0];")]
    public void Where_one_way_is_not_proven_nothing_is(string statements) => Assert.False(IsProven(statements));

    [Fact]
    public void A_helper_that_is_called_with_both_is_not_proven()
        => Assert.Contains("mm_input_quantizer = new(Quantization.Input)", Text("x = Square(x.relu()) + Square(x);"), StringComparison.Ordinal);

    [Fact]
    public void A_helper_that_is_called_with_proven_values_only_is()
        => Assert.Contains("mm_input_quantizer = new(Quantization.UnsignedInput)", Text("x = Square(x.relu()) + Square(x.abs());"), StringComparison.Ordinal);

    [Theory]
    [InlineData("x = Square(x.relu()); Func<Tensor, Tensor> f = Square; x = f(-x);")]
    [InlineData("x = Square(x.relu()); x = new[] { x }.Select(Square).First();")]
    public void A_helper_that_is_handed_on_may_be_called_with_anything(string statements)
        => Assert.Contains("mm_input_quantizer = new(Quantization.Input)", Text(statements), StringComparison.Ordinal);

    [Fact]
    public void A_helper_that_calls_itself_may_be_called_with_anything()
        => Assert.Contains("bmm_input_quantizer = new(Quantization.Input)", Text("x = Deep(x.relu(), 3);"), StringComparison.Ordinal);

    private static bool IsProven(string statements)
    {
        string text = Text(statements);
        bool isProven = text.Contains("avg_pool1d_input_quantizer = new(Quantization.UnsignedInput)", StringComparison.Ordinal);
        Assert.True(isProven || text.Contains("avg_pool1d_input_quantizer = new(Quantization.Input)", StringComparison.Ordinal));
        return isProven;
    }

    private static string Text(string statements)
        => Generated.From("using System;\nusing System.Collections.Generic;\nusing System.Linq;\n" + Compiler.Usings + $$"""
            namespace Models;
            public static class Elsewhere { public static void Change(Tensor x) => x.sub_(1); }
            [Quantize(Functional = true, Target = QuantTarget.OnnxRuntime)]
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv = Conv2d(8, 8, 3, padding: 1);
                private readonly BatchNorm2d norm = BatchNorm2d(8);
                private readonly ReLU relu = ReLU();
                private readonly Module<Tensor, Tensor> act = Sigmoid();
                private readonly Module<Tensor, Tensor> pool = AvgPool2d(2);
                private readonly Dropout dropout = Dropout();
                private readonly Sequential head = Sequential(("a", Conv2d(8, 8, 1)), ("b", ReLU()), ("c", Dropout()));
                private readonly Module<Tensor, Tensor> keep = Sequential(MaxPool2d(2), Flatten());
                private readonly Module<Tensor, Tensor> other = Sequential(ReLU(), Conv2d(8, 8, 1));
                private readonly Sequential grown = Sequential(ReLU());
                private readonly Module<Tensor, Tensor> mixed;
                private Module<Tensor, Tensor> tupled = ReLU(), made = ReLU();
                public Module<Tensor, Tensor> open = ReLU();
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                public Net(bool flag) : base("net")
                {
                    mixed = flag ? ReLU() : Tanh();
                    grown.append(Tanh());
                    (tupled, _) = (Tanh(), 1);
                    Make(out made);
                    RegisterComponents();
                }
                private static void Make(out Module<Tensor, Tensor> made) => made = Tanh();
                private Tensor Rectified(Tensor t) { if (training) { return t.relu(); } return t.sigmoid(); }
                private Tensor Square(Tensor t) => t.mm(t);
                private Tensor Deep(Tensor t, int n) => n == 0 ? t.bmm(t) : Deep(conv.call(t), n - 1);
                protected virtual Tensor Virtual(Tensor t) => t.relu();
                public override Tensor forward(Tensor x)
                {
                    _ = (conv, norm, relu, act, pool, dropout, head, keep, other, layers, mixed, open, grown, tupled, made);
                    {{statements}}
                    return functional.avg_pool1d(x, 2);
                }
            }
            """).Text;
}
