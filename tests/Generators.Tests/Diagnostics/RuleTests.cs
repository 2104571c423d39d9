using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Diagnostics;

/// <summary>What the generator cannot do, it says at the exact place, and what it writes still compiles.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("[FullPrecision] public class Base(Module<Tensor, Tensor> fc) : Module(\"n\") { public readonly Module<Tensor, Tensor> Fc = fc; } [Quantize] public class [|Net|]() : Base(Linear(2, 2));", "'Net' cannot be quantized: it has no braces, and so no place for its quantizers' settings")]
    [InlineData("public abstract class Base<T>() : Module(\"b\") { protected abstract T Stem { get; } } [Quantize] public class Net : Base<Linear> { [FullPrecision] protected override [|Linear|] Stem { get; } = Linear(2, 2); }", "'Net' cannot be quantized: 'Base.Stem' is of the type that the list of bases names")]
    [InlineData("[Quantize] public static class [|Net|] { }", "'Net' cannot be quantized: it is static")]
    [InlineData("[Quantize] public class [|Net|] { }", "'Net' cannot be quantized: it does not derive from 'torch.nn.Module'")]
    [InlineData("[Quantize, FullPrecision] public class [|Net|]() : Module(\"n\") { }", "'Net' cannot be quantized: it is also marked [FullPrecision]")]
    [InlineData("[Quantize] file class [|Net|]() : Module(\"n\") { }", "'Net' cannot be quantized: it is local to its file, and the generated class is in another")]
    [InlineData("[Quantize] public class Net() : Module(\"n\") { private readonly int size = [|Sizes|].Width; public int Size => size; } file static class Sizes { public const int Width = 2; }", "'Net' cannot be quantized: 'Sizes' is local to its file, and the generated class is in another")]
    [InlineData("[Quantize] public class Net() : Module(\"n\") { private void F() => Zoo.Add([|this|]); } public static class Zoo { public static void Add(Net net) { } }", "'Net' cannot be quantized: 'Zoo.Add' takes 'Net'")]
    [InlineData("[Quantize]\n#if !X\npublic class [|Net|]() : Module(\"n\") {\n#else\nclass Other {\n#endif\n}", "'Net' cannot be quantized: it starts or ends inside a conditional directive (#if)")]
    public void QG1001_tells_why_a_class_cannot_be_quantized(string source, string message) => Says("QG1001", source, message);

    [Theory]
    [InlineData("public class [|Zoo|] { [Quantize] public class Net() : Module(\"n\") { } }", "'Zoo' must be partial: the generated class 'QuantNet' is put beside 'Net', inside of it")]
    [InlineData("public partial class Zoo { public struct [|Cage|] { [Quantize] public class Net() : Module(\"n\") { } } }", "'Cage' must be partial: the generated class 'QuantNet' is put beside 'Net', inside of it")]
    public void QG1002_asks_for_partial_around_the_class(string source, string message) => Says("QG1002", source, message);

    [Theory]
    [InlineData("[[|Quantize|]] public class Net() : Module(\"n\") { } public class QuantNet { }", "The generated class cannot be called 'QuantNet': 'Models' already has a class with this name; set Name to another name")]
    [InlineData("[[|Quantize(Name = \"2x\")|]] public class Net() : Module(\"n\") { }", "The generated class cannot be called '2x': it is not an identifier; set Name to another name")]
    [InlineData("[[|Quantize(Name = \"class\")|]] public class Net() : Module(\"n\") { }", "The generated class cannot be called 'class': it is not an identifier; set Name to another name")]
    [InlineData("[[|Quantize(Name = \"\")|]] public class Net() : Module(\"n\") { }", "The generated class cannot be called '': it is not an identifier; set Name to another name")]
    [InlineData("[Quantize, [|Quantize(Input = \"4bit\")|]] public class Net() : Module(\"n\") { }", "The generated class cannot be called 'QuantNet': 'Models' already has a class with this name; set Name to another name")]
    [InlineData("[Quantize] public class Net() : Module(\"n\") { } [[|Quantize(Name = \"QuantNet\")|]] public class A() : Module(\"n\") { }", "The generated class cannot be called 'QuantNet': 'Models' already has a class with this name; set Name to another name")]
    [InlineData("[Quantize(Name = \"Q\")] public class A() : Module(\"n\") { } [[|Quantize(Name = \"Q\")|]] public class B() : Module(\"n\") { }", "The generated class cannot be called 'Q': 'Models' already has a class with this name; set Name to another name")]
    public void QG1003_tells_why_a_name_is_not_usable(string source, string message) => Says("QG1003", source, message);

    [Theory]
    [InlineData("private static Tensor Sum(Tensor a, Linear l) => [|a|] + l.call(a);", "", "'a' is not quantized: it is in a static member; in an instance member it could use a quantizer of the model")]
    [InlineData("public Tensor F(Tensor x) { return Sum(x, fc); static Tensor Sum(Tensor a, Linear l) => l.call(a) + [|a|]; }", "", "'a' is not quantized: the local function 'Sum' is static; without 'static' it could use a quantizer of the model")]
    [InlineData("public Tensor F(Tensor x) { System.Func<Tensor, Linear, Tensor> f = static (a, l) => l.call(a) + [|a|]; return f(x, fc); }", "", "'a' is not quantized: the lambda is static; without 'static' it could use a quantizer of the model")]
    [InlineData("public void F(Tensor x) { [|x|].add_(fc.call(x)); }", "", "'x' is not quantized: 'add_' changes a tensor of the caller; return the sum instead")]
    [InlineData("public Tensor F(Tensor x) { var a = new[] { x }; [|a[0]|].add_(fc.call(x)); return a[0]; }", "", "'a[0]' is not quantized: 'add_' changes a stored tensor; assign the sum to a local instead")]
    [InlineData("public Tensor F(Tensor x) { var a = new[] { x }; int i = 0; [|a[i++]|] += fc.call(x); return a[0]; }", "", "'a[i++]' is not quantized: the left side of '+=' would have to be computed twice")]
    [InlineData("public Tensor? F(Tensor? x) => x?[|.relu()|].add(fc.call(x));", "", "'.relu()' is not quantized: it starts behind '?.'; assign what it is computed from to a local first")]
    [InlineData("public Tensor F(Tensor x) { var y = x.clone(); var v = y.unsqueeze(0); [|v|].add_(fc.call(x)); return y; }", "", "'v' is not quantized: 'add_' changes a tensor that 'v' shares with 'y'; compute the sum without it")]
    [InlineData("public Tensor F(Tensor x) { var y = x.clone(); var v = y.flatten().view(2, 2); [|v|].add_(fc.call(x)); return y; }", "", "'v' is not quantized: 'add_' changes a tensor that 'v' shares with 'y'; compute the sum without it")]
    [InlineData("public Tensor F(Tensor x) { var y = x.clone(); var z = y; [|z|].add_(fc.call(x)); return y; }", "", "'z' is not quantized: 'add_' changes a tensor that 'z' shares with 'y'; compute the sum without it")]
    [InlineData("public Tensor F(Tensor x) { var v = x; if (training) { v = Held.t(); } [|v|].add_(fc.call(x)); return v; } private Tensor Held { get; } = torch.ones(2, 2);", "Target = QuantTarget.OnnxRuntime", "'v' is not quantized: 'add_' changes a tensor that 'v' shares with 'Held'; compute the sum without it")]
    [InlineData("public void F(Tensor? x) { var y = x; [|y|]?.add_(fc.call(x!)); _ = y; }", "", "'y' is not quantized: it starts behind '?.'; assign what it is computed from to a local first")]
    public void QG1004_tells_why_a_residual_operand_stays_unquantized(string member, string settings, string message)
        => Says("QG1004", $$"""
            [Quantize({{settings}})] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
                {{member}}
            }
            """, message);

    [Theory]
    [InlineData("private static Tensor Scores(Tensor a) => [|a.matmul(a)|];", "'a.matmul(a)' is not quantized: it is in a static member; in an instance member it could use a quantizer of the model")]
    [InlineData("public Tensor F(Tensor x) { return Scores(x); static Tensor Scores(Tensor a) => [|a.bmm(a)|]; }", "'a.bmm(a)' is not quantized: the local function 'Scores' is static; without 'static' it could use a quantizer of the model")]
    [InlineData("public Tensor F(Tensor x) { System.Func<Tensor, Tensor> f = static a => [|torch.mm(a, a)|]; return f(x); }", "'torch.mm(a, a)' is not quantized: the lambda is static; without 'static' it could use a quantizer of the model")]
    [InlineData("private sealed class Attention { public Tensor F(Tensor x) => [|functional.linear(x, x)|]; }", "'functional.linear(x, x)' is not quantized: 'Attention' is not a module, so that a quantizer in it would not be found")]
    [InlineData("public Tensor? F(Tensor? x) => x?[|.t().matmul(x)|];", "'.t().matmul(x)' is not quantized: it starts behind '?.'; assign what it is computed from to a local first")]
    public void QG1009_tells_why_a_functional_operation_stays_unquantized(string member, string message)
        => Says("QG1009", $$"""
            [Quantize(Functional = true)] public class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => x;
                {{member}}
            }
            """, message);

    [Theory]
    [InlineData("private readonly LSTM other = [|Zoo.Make()|];", "'Zoo.Make()' stays in full precision: 'Zoo.Make' gives 'LSTM'")]
    [InlineData("private readonly Linear other = [|Zoo.Shared|];", "'Zoo.Shared' stays in full precision: 'Zoo.Shared' does not change")]
    [InlineData("private readonly Linear other = Linear(2, 2); private void F() => Zoo.Init([|other|]);", "'other' stays in full precision: 'Zoo.Init' takes 'Linear'")]
    [InlineData("private readonly Linear other = Linear(2, 2); private void F() { var a = other; Zoo.Init([|a|]); }", "'a' stays in full precision: 'Zoo.Init' takes 'Linear'")]
    [InlineData("private readonly Conv2d other = Conv2d(2, 2, 1); private Convolution F() => [|other|];", "'other' stays in full precision: it is used as 'Convolution', which its quantized counterpart is not")]
    [InlineData("[FullPrecision] private readonly Linear head = Linear(2, 2); private Linear Head() => [|head|];", "'head' stays in full precision: what it is connected with stays in full precision")]
    [InlineData("private static Linear Make(System.Func<long, long, Linear> f) => f(2, 2); private Linear a = Make((i, o) => [|Zoo.Shared|]);", "'Zoo.Shared' stays in full precision: 'Zoo.Shared' does not change")]
    [InlineData("private readonly System.Collections.Generic.List<Linear> all = new() { Linear(2, 2), [|Zoo.Shared|] };", "'Zoo.Shared' stays in full precision: 'Zoo.Shared' does not change")]
    [InlineData("private sealed class Inner : Zoo.IMaker { public [|Linear|] Get() => Linear(2, 2); }", "'Linear' stays in full precision: 'IMaker.Get' prescribes 'Linear'")]
    public void QG1006_tells_what_keeps_a_module_in_full_precision(string member, string message)
        => Says("QG1006", $$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
                {{member}}
            }
            public static class Zoo
            {
                public static readonly Linear Shared = Linear(2, 2);
                public static LSTM Make() => LSTM(2, 2);
                public static void Init(Linear linear) => init.zeros_(linear.weight);
                public interface IMaker { Linear Get(); }
            }
            """, message);

    [Theory]
    [InlineData("typeof(Tensor), typeof(Models.QuantS)", "'Tensor' is not exchanged for 'QuantS': 'Tensor' does not derive from 'torch.nn.Module'")]
    [InlineData("typeof(Models.S), typeof(int)", "'S' is not exchanged for 'int': 'int' does not derive from 'torch.nn.Module'")]
    [InlineData("typeof(Models.S[]), typeof(Models.QuantS)", "'S[]' is not exchanged for 'QuantS': 'S[]' does not derive from 'torch.nn.Module'")]
    [InlineData("null!, typeof(Models.QuantS)", "'null' is not exchanged for 'QuantS': 'null' does not derive from 'torch.nn.Module'")]
    [InlineData("typeof(Models.G<>), typeof(Models.QuantS)", "'G<>' is not exchanged for 'QuantS': 'G<>' is generic")]
    [InlineData("typeof(Models.S), typeof(Models.G<int>)", "'S' is not exchanged for 'G<int>': 'G<int>' is generic")]
    [InlineData("typeof(Models.S), typeof(Models.Base)", "'S' is not exchanged for 'Base': 'Base' is abstract")]
    [InlineData("typeof(Models.S), typeof(Models.S)", "'S' is not exchanged for 'S': the two are the same")]
    [InlineData("typeof(Models.S), typeof(Models.Hidden)", "'S' is not exchanged for 'Hidden': 'Hidden' is local to its file")]
    [InlineData("typeof(Linear), typeof(Models.QuantS)", "'Linear' is not exchanged for 'QuantS': its counterpart is 'QuantLinear'")]
    [InlineData("typeof(Models.T), typeof(Models.S)", "'T' is not exchanged for 'S': its counterpart is 'QuantS'")]
    public void QG1010_tells_why_a_pair_is_not_used(string types, string message)
        => Says("QG1010", """
            public abstract class Base() : Module<Tensor, Tensor>("s") { public override Tensor forward(Tensor x) => x; }
            public class S : Base { }
            public class T : Base { }
            public class QuantS : Base { }
            public class G<X> : Base { }
            file class Hidden : Base { }
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly S s = new();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => s.call(x);
            }
            """, message, $"[assembly: QuantizedModule(typeof(Models.T), typeof(Models.QuantS)), [|QuantizedModule({types})|]]\n");

    [Fact]
    public void QG1010_needs_no_model() => Assert.Equal(
        "QG1010",
        Assert.Single(Generated.From("using QuantGen; [assembly: QuantizedModuleAttribute(typeof(int), typeof(string))]").Diagnostics).Id);

    [Fact]
    public void What_is_typed_by_the_abstract_module_is_quantized_beside_what_comes_from_elsewhere()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private Module<Tensor, Tensor> fc = Linear(2, 2);
                private Module<Tensor, Tensor> other = Zoo.Make();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => other.call(fc.call(x));
            }
            public static class Zoo { public static Linear Make() => Linear(2, 2); }
            """);
        Assert.Equal("private Module<Tensor, Tensor> fc = new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight);", generated.LineWith(" fc ="));
        Assert.DoesNotContain(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1006");
    }

    [Theory]
    [InlineData("private readonly Module<Tensor, Tensor> a = [|Zoo.Linear()|];", "a = QuantModules.Convert(Zoo.Linear(), Quantization.Input, Quantization.Weight);", "Linear")]
    [InlineData("private readonly Linear a = [|Zoo.Linear()|];", "QuantLinear a = QuantModules.Convert(Zoo.Linear(), Quantization.Input, Quantization.Weight);", "Linear")]
    [InlineData("private readonly LSTMCell a = [|Zoo.Cell()|];", "QuantLSTMCell a = QuantModules.Convert(Zoo.Cell(), Quantization.Input, Quantization.Weight);", "Cell")]
    [InlineData("private Sequential Make() => Sequential((\"a\", [|Zoo.Any(1)|]));", "Sequential((\"a\", QuantModules.Convert(Zoo.Any(1), Quantization.Input, Quantization.Weight)));", "Any")]
    [InlineData("private readonly Module<Tensor, Tensor>? a = [|Zoo.Maybe()|];", "a = QuantModules.Convert(Zoo.Maybe(), Quantization.Input, Quantization.Weight);", "Maybe")]
    [InlineData("private readonly Module<Tensor, Tensor> a = [|Zoo.Any(2)|];", "a = QuantModules.Convert(Zoo.Any(2), Quantization.Input, Quantization.Weight);", "Any")]
    [InlineData("private readonly Sequential a = [|Zoo.Block()|];", "a = QuantModules.Convert(Zoo.Block(), Quantization.Input, Quantization.Weight);", "Block")]
    public void QG1008_tells_what_is_quantized_at_run_time(string member, string expected, string method)
    {
        string source = $$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => x;
                {{member}}
            }
            public static class Zoo
            {
                public static Linear Linear() => nn.Linear(2, 2);
                public static Module<Tensor, Tensor> Any(int n) => nn.Linear(n, n);
                public static LSTMCell Cell() => LSTMCell(2, 2);
                public static Module<Tensor, Tensor>? Maybe() => null;
                public static Sequential Block() => Sequential(nn.Linear(2, 2));
            }
            """;
        Says("QG1008", source, $"What 'Zoo.{method}' makes is not seen by the generator; QuantModules quantizes the layers that it can reach in it when the model is built");
        Assert.Contains(expected, Generated.FromModel(source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public Net(System.Func<int, Module<Tensor, Tensor>> make) : base(\"net\") => head = make(4);", "head = QuantModules.Convert(make(4), ", "make")]
    [InlineData("private readonly MakeNorm norm; public Net(MakeNorm norm) : base(\"net\") { this.norm = norm; head = Stage(4); } private Sequential Stage(int n) => Sequential(this.norm(n));", "Sequential(QuantModules.Convert(this.norm(n), ", "this.norm")]
    [InlineData("public Net(System.Func<Sequential>? make = null) : base(\"net\") { make ??= () => Sequential(Linear(2, 2)); head = make(); }", "head = QuantModules.Convert(make(), ", "make")]
    public void QG1008_tells_of_delegates_that_others_hand_in(string members, string expected, string name)
    {
        Generated generated = Generated.FromModel($$"""
            public delegate Module<Tensor, Tensor> MakeNorm(long channels);
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> head;
                {{members}}
                public override Tensor forward(Tensor x) => head.call(x);
            }
            """);
        Assert.Contains(expected, generated.Text, StringComparison.Ordinal);
        Assert.Equal(
            [$"What '{name}' makes is not seen by the generator; QuantModules quantizes the layers that it can reach in it when the model is built"],
            generated.Diagnostics.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("System.Func<int, Module<Tensor, Tensor>> make = n => Linear(n, n); head = make(4);")]
    [InlineData("head = Make(n => Linear(n, n)); static Module<Tensor, Tensor> Make(System.Func<int, Module<Tensor, Tensor>> make) => make(4);")]
    public void A_delegate_of_the_class_itself_is_quantized_in_its_text(string body)
    {
        Generated generated = Generated.FromModel($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> head;
                public Net() : base("net")
                {
                    {{body}}
                }
                public override Tensor forward(Tensor x) => head.call(x);
            }
            """);
        Assert.Contains("n => new QuantLinear(n, n,", generated.Text, StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    [Theory]
    [InlineData("[FullPrecision] private readonly Module<Tensor, Tensor> a = Zoo.Any();")]
    [InlineData("private Tensor F(Tensor x) => Zoo.Any().call(x);")]
    [InlineData("private Tensor F(Tensor x) { Linear l = Zoo.Layer(); return l.call(x); }")]
    [InlineData("private Linear Head => Zoo.Layer();")]
    [InlineData("private void Reset() { Linear l = Zoo.Layer(); init.zeros_(l.weight); }")]
    [InlineData("private readonly System.Func<Tensor, Tensor> f = x => Zoo.Layer().call(x);")]
    public void What_need_not_or_cannot_be_converted_at_run_time_is_left_alone(string member)
        => Assert.DoesNotContain("Convert", Generated.FromModel($$"""
            [Quantize] public class Net() : Module("net") { {{member}} }
            public static class Zoo
            {
                public static Module<Tensor, Tensor> Any() => Linear(2, 2);
                public static Linear Layer() => Linear(2, 2);
            }
            """).Text, StringComparison.Ordinal);

    [Fact]
    public void Classes_whose_names_differ_only_by_case_are_both_generated()
        => Assert.Equal(
            ["Models.QuantNET.g.cs", "Models.QuantNet-2.g.cs"],
            Generated.FromModel("[Quantize] public class Net() : Module(\"n\") { } [Quantize] public class NET() : Module(\"n\") { }").Files);

    [Fact]
    public void A_diagnostic_can_be_suppressed_by_a_pragma()
    {
        CSharpCompilation compilation = Compiler.Compile(Compiler.Usings + """
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => Sum(x, fc);
            #pragma warning disable QG1004
                private static Tensor Sum(Tensor a, Linear l) => l.call(a) + a;
            }
            """);
        Compiler.Driver().RunGeneratorsAndUpdateCompilation(compilation, out _, out var diagnostics);
        Assert.True(Assert.Single(diagnostics).IsSuppressed);
    }

    [Fact]
    public void Every_rule_has_a_page_that_its_link_names()
        => Assert.All(Generators.Diagnostics.Rules.All, rule =>
        {
            Assert.Equal($"https://github.com/quantgen/quantgen/blob/main/docs/diagnostics/{rule.Id}.md", rule.HelpLinkUri);
            Assert.StartsWith($"# {rule.Id}: ", ExpectedFile.RepositoryFile($"docs/diagnostics/{rule.Id}.md"), StringComparison.Ordinal);
        });

    /// <summary>The source has one diagnostic of the generator, at the marked place.</summary>
    private static void Says(string id, string marked, string message, string attributes = "")
    {
        string text = Compiler.Usings + attributes + "namespace Models;\n" + marked;
        int start = text.IndexOf("[|", StringComparison.Ordinal);
        int end = text.LastIndexOf("|]", StringComparison.Ordinal) - 2;
        string source = text.Remove(end + 2, 2).Remove(start, 2);

        Generated generated = Generated.From(source);

        Diagnostic diagnostic = Assert.Single(generated.Diagnostics);
        Assert.Equal((id, message), (diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((start, end), (diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.End));
        Assert.EndsWith($"docs/diagnostics/{id}.md", diagnostic.Descriptor.HelpLinkUri, StringComparison.Ordinal);
    }
}
