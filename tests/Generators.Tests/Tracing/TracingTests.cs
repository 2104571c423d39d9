using Microsoft.CodeAnalysis;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Tracing;

/// <summary>Methods over tensors are printed once more over traced tensors, or it is said why not.</summary>
public sealed class TracingTests
{
    [Fact]
    public void Forward_and_its_helpers_are_printed_once_more()
        => ExpectedFile.Match("Traced.g.cs", Generate("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv = Conv2d(3, 3, 1);
                private readonly ModuleList<Module<Tensor, Tensor>> heads = new();
                private readonly Parameter scale = new(torch.ones(1));

                public Net() : base("net") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    using var scope = NewDisposeScope();
                    // first half
                    Tensor y = functional.relu(conv.call(x));
                    foreach (Module<Tensor, Tensor> head in heads)
                    {
                        y = x + head.call(y) + Scale(y);
                    }

                    y.add_(x).relu_();
                    var sum = torch.zeros(1);
                    sum = sum + y;
                    Tensor Twice(Tensor t) => t * 2;
                    return Join(y, Twice(sum)).flatten(1).MoveToOuterDisposeScope();
                }

                private static Tensor Scale(Tensor t) => t * 0.5;

                protected virtual Tensor Join(Tensor a, TorchSharp.torch.Tensor b)
                {
                    a = a + scale;
                    return torch.cat(new Tensor[] { a, b }, 1).view(a.shape[0], -1);
                }

                public int Count(int n) => n;
            }
            """).Text);

    [Fact]
    public void A_nested_module_can_be_traced_by_itself()
    {
        Generated generated = Generate("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Inner inner = new();
                public Net() : base("n") => RegisterComponents();
                public override Tensor forward(Tensor x) => inner.call(x);
                private sealed class Inner() : Module<Tensor, Tensor>("i")
                {
                    public override Tensor forward(Tensor x) => x.relu();
                }
            }
            """);
        Assert.Equal("public class QuantNet : Module<Tensor, Tensor>, ITraceable, IQuantizedModel", generated.LineWith("class QuantNet"));
        Assert.Equal("private sealed class Inner() : Module<Tensor, Tensor>(\"i\"), ITraceable", generated.LineWith("class Inner"));
        Assert.Equal("public TracedTensor TraceForward(TracedTensor x) => x.relu();", generated.LineWith("TracedTensor x) => x.relu"));
    }

    [Theory]
    [InlineData("System.Collections.Generic.List<Tensor> all = []; all.Add(x); return cat(all, 1);", "System.Collections.Generic.List<TracedTensor> all = []; all.Add(x); return TracedOps.cat(all, 1);")]
    [InlineData("Tensor[] all = [weight, x]; return cat(all, 1);", "TracedTensor[] all = [weight, x]; return TracedOps.cat(all, 1);")]
    [InlineData("return torch.cat([x, weight], dim: 1);", "return TracedOps.cat([x, weight], dim: 1);")]
    [InlineData("return torch.concatenate(new[] { x, x }, axis: 1);", "return TracedOps.concatenate(new[] { x, x }, axis: 1);")]
    public void Lists_of_tensors_become_lists_of_traced_ones(string text, string expected)
    {
        Generated generated = Generate($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Parameter weight = new(torch.ones(2, 2));
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) { _ = weight; {{text}} }
            }
            """);
        Assert.Equal("public virtual TracedTensor TraceForward(TracedTensor x) { _ = weight; " + expected + " }", generated.LineWith("TracedTensor x) {"));
    }

    [Theory]
    [InlineData("weight.matmul(x)", "((TracedTensor)weight).matmul(x)")]
    [InlineData("weight.t().matmul(x)", "((TracedTensor)weight.t()).matmul(x)")]
    [InlineData("(weight * 2).matmul(x)", "(((TracedTensor)(weight * 2))).matmul(x)")]
    [InlineData("(weight?.matmul(x))!", "(((TracedTensor)weight)?.matmul(x))!")]
    [InlineData("(x?.matmul(weight))!", "(x?.matmul(weight))!")]
    public void A_tensor_of_the_model_becomes_a_constant_before_it_meets_a_traced_one(string text, string expected)
    {
        Generated generated = Generate($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Parameter weight = new(torch.ones(2, 2));
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => {{text}};
            }
            """);
        Assert.Equal($"public virtual TracedTensor TraceForward(TracedTensor x) => {expected};", generated.LineWith("TracedTensor x) =>"));
    }

    [Theory]
    [InlineData("return (x?[|.cumprod(0)|])!;", "'Net.forward' cannot be exported to ONNX: 'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments")]
    [InlineData("return [|x.cumprod(0)|];", "'Net.forward' cannot be exported to ONNX: 'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments")]
    [InlineData("return [|torch.cumprod(x, 0)|];", "'Net.forward' cannot be exported to ONNX: 'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments")]
    [InlineData("[|last = x|]; return x;", "'Net.forward' cannot be exported to ONNX: a member of the model would have to hold a traced tensor")]
    [InlineData("return [|activation(x)|];", "'Net.forward' cannot be exported to ONNX: a delegate that the model holds takes tensors that are not traced")]
    [InlineData("return (activation?[|.Invoke(x)|])!;", "'Net.forward' cannot be exported to ONNX: a delegate that the model holds takes tensors that are not traced")]
    [InlineData("Seen?[|.Invoke(this, x)|]; return x;", "'Net.forward' cannot be exported to ONNX: a delegate that the model holds takes tensors that are not traced")]
    [InlineData("return [|activations[0](x)|];", "'Net.forward' cannot be exported to ONNX: a delegate that the model holds takes tensors that are not traced")]
    [InlineData("return [|Elsewhere.Work(x)|];", "'Net.forward' cannot be exported to ONNX: 'Elsewhere.Work' takes tensors that are not traced")]
    public void QG1005_tells_at_the_operation_why_a_method_cannot_be_exported(string body, string? message)
    {
        string marked = $$"""
            public static class Elsewhere { public static Tensor Work(Tensor x) => x; }
            [Quantize] public sealed class Net : Module<Tensor, Tensor>
            {
                private Tensor? last = null;
                private readonly System.Func<Tensor, Tensor> activation = functional.relu;
                private readonly System.Func<Tensor, Tensor>[] activations = [functional.relu];
                public event System.Action<Net, Tensor>? Seen;
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    _ = (last, activation, activations, Seen);
                    {{body}}
                }
            }
            """.Replace("functional.relu", "static x => x.relu()", StringComparison.Ordinal);
        int start = marked.IndexOf("[|", StringComparison.Ordinal);
        int end = marked.IndexOf("|]", StringComparison.Ordinal) - 2;
        Generated generated = Generate(marked.Remove(end + 2, 2).Remove(start, 2));

        // What every call gets to keeps the model from being exported; what is behind a question mark throws there.
        Assert.Equal(body.Contains('?', StringComparison.Ordinal), generated.Text.Contains("ITraceable", StringComparison.Ordinal));
        Assert.Equal(body.Contains('?', StringComparison.Ordinal), generated.Text.Contains("TraceForward", StringComparison.Ordinal));
        Diagnostic diagnostic = generated.Diagnostics[0];
        Assert.Equal(("QG1005", DiagnosticSeverity.Info), (diagnostic.Id, diagnostic.Severity));
        if (message is not null)
        {
            int offset = Prefix.Length;
            Assert.Equal(message, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((start + offset, end + offset), (diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.End));
        }
    }

    [Theory]
    [InlineData("private readonly List<Tensor> all = []; public override Tensor forward(Tensor x) { all.Add(x); return l.call(x); }")]
    [InlineData("private readonly List<(string, Tensor)> all = []; public override Tensor forward(Tensor x) { all.Add((\"x\", x)); return l.call(x); }")]
    [InlineData("private readonly Dictionary<string, Tensor> all = []; public override Tensor forward(Tensor x) { all.TryAdd(\"x\", x); return l.call(x); }")]
    [InlineData("private List<Tensor>? all; public override Tensor forward(Tensor x) { all ??= []; all.AddRange([x]); return l.call(x); }")]
    [InlineData("private List<Tensor> all = []; public override Tensor forward(Tensor x) { all = new() { x }; return all.Append(x).First(); }")]
    [InlineData("public override Tensor forward(Tensor x) { Log.Seen.Add(x); return l.call(x); }")]
    [InlineData("private readonly Tensor[] all = new Tensor[1]; public override Tensor forward(Tensor x) { all[0] = x; return l.call(x); }")]
    [InlineData("private Tensor last = torch.ones(1); public override Tensor forward(Tensor x) { (var y, last) = (l.call(x), x); return y; }")]
    [InlineData("private sealed class Cache { public List<Tensor> Items { get; } = []; public Tensor Push(Tensor t) { Items.Add(t); return t; } } private readonly Cache cache = new(); public override Tensor forward(Tensor x) => cache.Push(l.call(x));")]
    [InlineData("private delegate Tensor Op(Tensor x); private static Tensor Run(Op op, Tensor x) => op(x); public override Tensor forward(Tensor x) => Run(t => t.relu(), l.call(x));")]
    [InlineData("private delegate Tensor Op(Tensor x); public override Tensor forward(Tensor x) { Op op = t => t.relu() + x; return op(l.call(x)); }")]
    [InlineData("public Tensor this[Tensor x] => l.call(x); public override Tensor forward(Tensor x) => this[x];")]
    [InlineData("public override Tensor forward(Tensor x) { var (n, c) = x; return l.call(x) * (n + c); }")]
    public void What_would_have_to_hold_or_take_a_traced_tensor_and_cannot_keeps_a_model_from_being_exported(string members)
    {
        Generated generated = Generated.From("using System.Collections.Generic;\nusing System.Linq;\n" + Prefix + $$"""
            public static class Log
            {
                public static List<Tensor> Seen { get; } = [];
                public static void Deconstruct(this Tensor tensor, out long n, out long c) => (n, c) = (tensor.shape[0], tensor.shape[1]);
            }
            [Quantize] public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Linear l = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                {{members}}
            }
            """);
        Assert.Contains(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1005");
        Assert.DoesNotContain("TraceForward", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_the_user_has_written_over_traced_tensors_is_not_printed_again()
        => Assert.DoesNotContain("Tensor Scale(TracedTensor", Generate("""
            [Quantize] public sealed class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                private Tensor Scale(Tensor x) => x * 2;
                private QuantGen.Onnx.TracedTensor Scale(QuantGen.Onnx.TracedTensor x) => x * 3;
                public override Tensor forward(Tensor x) => Scale(x);
            }
            """).Text.Replace("QuantGen.Onnx.TracedTensor Scale(QuantGen.Onnx.TracedTensor x)", "", StringComparison.Ordinal), StringComparison.Ordinal);

    [Theory]
    [InlineData("Bs<Tensor>", "Tensor Post(Tensor x) => l.call(x) + x;")]
    [InlineData("Bs<(Tensor, Tensor)>", "(Tensor, Tensor) Post(Tensor x) => (l.call(x), x);")]
    public void A_method_with_a_type_parameter_of_its_class_that_may_be_a_tensor_is_not_traced(string parent, string post)
        => Assert.Contains(Generate($$"""
            [Quantize] public abstract class Bs<T> : Module<Tensor, T>
            {
                protected Bs() : base("b") { }
                protected abstract T Post(Tensor x);
                protected virtual Tensor Pre(T x) => torch.ones(1);
                public override T forward(Tensor x) => Post(x);
            }
            [Quantize] public class Net : {{parent}}
            {
                private readonly Linear l = Linear(2, 2);
                public Net() => RegisterComponents();
                protected override {{post}}
                public void Again(Tensor x) => Post(x.relu());
            }
            """).Diagnostics, diagnostic => diagnostic.Id == "QG1005");

    [Fact]
    public void Calls_of_forward_with_tensors_mean_what_they_meant()
    {
        Generated generated = Generated.From(
            Prefix + """
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Inner inner = new();
                public Net() : base("n") => RegisterComponents();
                public override Tensor forward(Tensor x) => inner.forward(Again(x, 1));
                private Tensor Again(Tensor x, int times) => times == 0 ? x : this.forward(x);
                private class Inner() : Module<Tensor, Tensor>("i")
                {
                    public override Tensor forward(Tensor x) => Scale(x);
                    protected virtual Tensor Scale(Tensor x) => x;
                }
                private sealed class Scaled : Inner
                {
                    public override Tensor forward(Tensor x) => base.forward(x) + x;
                    protected override Tensor Scale(Tensor x) => 2 * x;
                }
            }
            [Quantize] public class Wide : Net
            {
                public override Tensor forward(Tensor x) => base.forward(x);
            }
            """,
            Compiler.Usings + "namespace Models; public static class Use { public static Tensor Of(Net net, Tensor x) => net.forward(x); }");
        string text = generated["QuantNet"];
        Assert.Contains("public virtual TracedTensor TraceForward(TracedTensor x) => inner.forward(Again(x, 1));", text, StringComparison.Ordinal);
        Assert.Contains("private TracedTensor Again(TracedTensor x, int times) => times == 0 ? x : this.TraceForward(x);", text, StringComparison.Ordinal);
        Assert.Contains("protected virtual TracedTensor Scale(TracedTensor x) => x;", text, StringComparison.Ordinal);
        Assert.Contains("public override TracedTensor TraceForward(TracedTensor x) => base.TraceForward(x) + residual_quantizer_Scaled.call(x);", text, StringComparison.Ordinal);
        Assert.Contains("protected override TracedTensor Scale(TracedTensor x) => 2 * x;", text, StringComparison.Ordinal);
        Assert.Contains("public override Tensor forward(Tensor x) => base.forward(x);", generated["QuantWide"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_needs_one_that_cannot_be_exported_is_left_out_too()
    {
        Generated generated = Generate("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => Helper(x);
                private static Tensor Helper(Tensor x) => x.cumprod(0);
                public Tensor Other(Tensor x) => x.relu();
            }
            """);
        Assert.Equal(
            ["'Net.Helper' cannot be exported to ONNX: 'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments", "'Net.forward' cannot be exported to ONNX: 'Helper' cannot be exported"],
            generated.Diagnostics.Select(d => d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("ITraceable", generated.Text, StringComparison.Ordinal);
        Assert.Equal("public TracedTensor Other(TracedTensor x) => x.relu();", generated.LineWith("TracedTensor Other"));
    }

    [Fact]
    public void What_can_be_overridden_and_cannot_be_exported_throws_so_that_no_derived_model_exports_its_base()
    {
        Generated generated = Generate("""
            [Quantize] public abstract class Net(string name) : Module<Tensor, Tensor>(name)
            {
                public override Tensor forward(Tensor x) => Head(Features(x));
                protected abstract Tensor Features(Tensor x);
                protected virtual Tensor Head(Tensor x) => x.cumprod(0);
            }
            [Quantize] public class Good() : Net("good")
            {
                protected override Tensor Features(Tensor x) => x.relu();
                protected sealed override Tensor Head(Tensor x) => base.Head(x) + x;
            }
            [Quantize] public sealed class Bad() : Net("bad")
            {
                public override Tensor forward(Tensor x) => base.forward(x).cumprod(0);
                protected override Tensor Features(Tensor x) => x;
            }
            """);
        const string Throw = "=> throw new global::System.NotSupportedException(\"";
        Assert.Contains($"protected virtual TracedTensor Features(TracedTensor x) {Throw}'Net.Features' cannot be exported to ONNX: it is abstract\");", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains($"protected virtual TracedTensor Head(TracedTensor x) {Throw}'Net.Head' cannot be exported to ONNX: 'x.cumprod(0)' in line 11: 'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments\");", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains($"public virtual TracedTensor TraceForward(TracedTensor x) {Throw}'Net.forward' cannot be exported to ONNX: 'Head(Features(x))' in line 9: 'Head' cannot be exported\");", generated["QuantNet"], StringComparison.Ordinal);
        Assert.DoesNotContain("ITraceable", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("protected override TracedTensor Features(TracedTensor x) => x.relu();", generated["QuantGood"], StringComparison.Ordinal);
        Assert.Contains("protected sealed override TracedTensor Head(TracedTensor x) => base.Head(x) + residual_quantizer_Good.call(x);", generated["QuantGood"], StringComparison.Ordinal);
        Assert.Contains($"public override TracedTensor TraceForward(TracedTensor x) {Throw}'Bad.forward' cannot", generated["QuantBad"], StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_calls_forward_of_the_sibling_with_a_tensor_gets_a_tensor()
        => Assert.Empty(Compiler.ErrorsWithGenerated(
            Prefix + "[Quantize] public class Net() : Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor x) => x.relu(); }",
            Prefix + "public static class Use { public static float Of(QuantNet net, Tensor x) { Tensor y = net.forward(x); return y.item<float>(); } }"));

    [Fact]
    public void A_model_that_derives_from_another_calls_its_base()
    {
        Generated generated = Generate("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            [Quantize] public class Wide : Net
            {
                private readonly Linear more = Linear(2, 2);
                public Wide() => RegisterComponents();
                public override Tensor forward(Tensor x) => more.call(base.forward(x));
            }
            """);
        Assert.Contains("public override TracedTensor TraceForward(TracedTensor x) => more.call(base.TraceForward(x));", generated["QuantWide"], StringComparison.Ordinal);
        Assert.Contains("public class QuantWide : QuantNet, ITraceable", generated["QuantWide"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Quantize] public class Net() : Module(\"net\") { public Tensor forward(Tensor x) => x.relu(); }")]
    [InlineData("[Quantize] public class Net() : Module(\"net\") { public interface IStage { Tensor Run(Tensor x); } public Tensor Of(IStage stage, Tensor x) => stage.Run(x); }")]
    [InlineData("public interface IEncoder { Tensor Encode(Tensor x); } [Quantize] public class Net() : Module(\"net\"), IEncoder { Tensor IEncoder.Encode(Tensor x) => x; }")]
    [InlineData("[Quantize] public class Net() : Module<Tensor, Tensor>(\"net\") { public int TraceForward => 1; public override Tensor forward(Tensor x) => x; }")]
    [InlineData("[Quantize] public class Net() : Module<Tensor, Tensor>(\"net\"), QuantGen.Onnx.ITraceable { public QuantGen.Onnx.TracedTensor TraceForward(QuantGen.Onnx.TracedTensor x) => x; public override Tensor forward(Tensor x) => x; }")]
    [InlineData("[Quantize] public class Net() : Module(\"net\") { private abstract class Stage() : Module<Tensor, Tensor>(\"s\") { public abstract override Tensor forward(Tensor x); } private sealed class One : Stage { public override Tensor forward(Tensor x) => x; } }")]
    [InlineData("[Quantize] public class Net() : Module(\"net\") { private class Inner() : Module<Tensor, Tensor>(\"i\") { public override Tensor forward(Tensor x) => x.cumprod(0); } private sealed class Sub : Inner { public override Tensor forward(Tensor x) => x; } }")]
    [InlineData("[Quantize] public class Net() : Module<Tensor, Tensor>(\"net\") { public override Tensor forward(Tensor x) { System.Diagnostics.Trace.WriteLine(1); return x; } }")]
    public void What_is_printed_compiles_whatever_the_shape(string model)
        => Assert.NotEmpty(Generate(model).Files);

    [Fact]
    public void An_alias_of_a_type_with_tensors_is_written_out()
    {
        Generated generated = Generated.From("using Pair = (TorchSharp.torch.Tensor Left, int Count);\n" + Prefix.Replace("namespace Models;", "using Tensors = System.Collections.Generic.List<TorchSharp.torch.Tensor>;\nnamespace Models;", StringComparison.Ordinal) + """
            [Quantize] public class Net() : Module<Tensor, Tensor>("net")
            {
                private static Tensor Sum(Tensors all) => all[0] + all[1];
                private static Pair Double(Pair pair) => (pair.Left + pair.Left, 2 * pair.Count);
                public override Tensor forward(Tensor x) => Sum([x, Double((x, 1)).Left]);
            }
            """);
        Assert.Contains("private static TracedTensor Sum(global::System.Collections.Generic.List<global::QuantGen.Onnx.TracedTensor> all) => all[0] + all[1];", generated.Text, StringComparison.Ordinal);
        Assert.Contains("private static (global::QuantGen.Onnx.TracedTensor Left, int Count) Double((global::QuantGen.Onnx.TracedTensor Left, int Count) pair)", generated.Text, StringComparison.Ordinal);
    }

    private static readonly string Prefix = Compiler.Usings + "namespace Models;\n";

    private static Generated Generate(string model) => Generated.FromModel(model);

    private const string DeadBranch = """
        [Quantize] public sealed class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> conv = Conv2d(3, 8, 3);
            private readonly bool reorder;

            public Net(bool reorder = false) : base("net")
            {
                this.reorder = reorder;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                if (reorder)
                {
                    x = x.cumprod(1);
                }

                return conv.call(x);
            }
        }
        """;

    [Fact]
    public void An_operation_in_a_branch_that_is_off_throws_there_and_does_no_harm()
    {
        Generated generated = Generate(DeadBranch);

        Assert.Contains("public sealed class QuantNet : Module<Tensor, Tensor>, ITraceable", generated.Text, StringComparison.Ordinal);
        int line = (Prefix + DeadBranch).Split('\n').ToList().FindIndex(text => text.Contains("cumprod", StringComparison.Ordinal)) + 1;
        Assert.Contains(
            "x = ((global::System.Func<global::QuantGen.Onnx.TracedTensor>)(() => throw new global::System.NotSupportedException("
            + $"\"'Net.forward' cannot be exported to ONNX: 'x.cumprod(1)' in line {line}: "
            + "'TracedTensor' has no counterpart of it, a 'cumprod' that takes these arguments\")))();",
            generated.Text, StringComparison.Ordinal);
        Assert.Equal("QG1005", Assert.Single(generated.Diagnostics).Id);
    }

    [Fact]
    public void A_helper_that_throws_does_no_harm_where_it_is_called_in_a_branch_alone()
    {
        Generated generated = Generate("""
            [Quantize] public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => training ? Sorted(x) : fc.call(x);
                private static Tensor Sorted(Tensor x) => x.cumprod(0);
            }
            """);
        Assert.Contains("public TracedTensor TraceForward(TracedTensor x) => training ? Sorted(x) : fc.call(x);", generated.Text, StringComparison.Ordinal);
        Assert.Contains("private static TracedTensor Sorted(TracedTensor x) => throw new global::System.NotSupportedException(", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_could_be_traced_the_compile_error_of_the_export_names_the_operation()
    {
        string source = Prefix + """
            [Quantize] public sealed class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => x.cumprod(0);
            }

            public static class Use
            {
                public static void Export(QuantNet quant, Tensor example) => quant.ExportOnnx("net.onnx", example);
            }
            """;
        Compiler.Driver().RunGeneratorsAndUpdateCompilation(Compiler.Compile(source), out Compilation with, out _);
        Diagnostic error = Assert.Single(with.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("CS0619", error.Id);
        int line = source.Split('\n').ToList().FindIndex(text => text.Contains("cumprod", StringComparison.Ordinal)) + 1;
        Assert.Contains(
            $"'Net.forward' cannot be exported to ONNX: 'x.cumprod(0)' in line {line}: 'TracedTensor' has no counterpart of it",
            error.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
