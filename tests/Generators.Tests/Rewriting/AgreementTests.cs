using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>All that meets keeps one type, by whatever way it meets; what is generated compiles.</summary>
public sealed class AgreementTests
{
    private const string Others = """
        public static class Z
        {
            public static readonly Linear Shared = nn.Linear(2, 2);
            public static void Init(params Linear[] linears) { }
            public static void Read(IReadOnlyList<Linear> linears) { }
            public static Tensor Run(Func<Linear, Tensor> run) => run(Shared);
        }
        public delegate Tensor Runner(Linear linear);
        public class Lins : List<Linear> { }
        public class D : Dictionary<string, Linear> { }
        public class Heads() : ModuleList<Linear>() { }
        public class Cfg { public List<Linear> Many { get; } = []; }
        """;

    [Theory]
    [InlineData("if (net is AvgPool1d { kernel_size: > 2 }) { }")]
    [InlineData("if (net is AvgPool1d { kernel_size: > 2 } pool) { _ = pool.stride; }")]
    [InlineData("if (net is not AvgPool1d { kernel_size: > 2 } _) { }")]
    [InlineData("_ = net switch { AvgPool1d { kernel_size: > 2 } => 1, _ => 2 };")]
    public void A_pattern_that_asks_for_what_the_counterpart_has_otherwise_stays(string statement)
        => Assert.Equal(statement, WithMember($$"""
            private readonly Module<Tensor, Tensor> net = ReLU();
            private void F()
            {
                {{statement}}
            }
            """).LineWith("AvgPool1d"));

    [Theory]
    [InlineData("Linear a = Linear(2, 2), b = Linear(1, 1);", "Z.Init(a, b);")]
    [InlineData("Linear[] a = [Linear(2, 2)];", "Z.Read([.. a]);")]
    [InlineData("Linear[] a = new[] { Linear(2, 2) };", "Z.Init(a);")]
    [InlineData("Linear[,] a = { { Linear(2, 2) } };", "Z.Init(a[0, 0]);")]
    [InlineData("Linear? a = Linear(2, 2);", "Z.Init(a?.weight is null ? Z.Shared : a);")]
    [InlineData("Linear a = Linear(2, 2);", "Z.Init(3 switch { 1 => Z.Shared, _ => a });")]
    [InlineData("List<Linear>? a = [Linear(2, 2)];", "a?.Add(Z.Shared);")]
    [InlineData("List<Linear> a = [Linear(2, 2)];", "a.ForEach(l => Z.Init(l));")]
    [InlineData("List<Linear> a = [Linear(2, 2)];", "foreach (var l in a.Where(l => l.weight is not null)) Z.Init(l);")]
    [InlineData("Linear a = Linear(2, 2);", "Z.Run((Linear l) => a.weight * l.weight); Z.Init(a);")]
    [InlineData("Linear a = Linear(2, 2);", "Runner run = l => l.weight; run(a);")]
    [InlineData("Dictionary<string, Linear> a = new() { [\"a\"] = Linear(2, 2) };", "foreach (var (name, l) in a) Z.Init(l);")]
    [InlineData("Linear a = Linear(2, 2);", "Z.Init(Same(a)); T Same<T>(T x) => x;")]
    [InlineData("Linear a = Linear(2, 2);", "if (a is { in_features: > 1 } l) Z.Init(l);")]
    [InlineData("Linear a = Linear(2, 2);", "var (b, c) = new Pair(a, Conv2d(1, 1, 1)); _ = c; Z.Init(b);")]
    [InlineData("Linear a = Linear(2, 2);", "var p = new Pair(a, Conv2d(1, 1, 1)) with { A = Z.Shared }; _ = p.B;")]
    [InlineData("Linear a = Linear(2, 2);", "Z.Run(Run); Run(a); static Tensor Run(Linear l) => l.weight;")]
    [InlineData("List<Linear> a = [Linear(2, 2)];", "Z.Init(a.ConvertAll(l => l).ToArray()); _ = a.ConvertAll(l => Conv2d(1, 1, 1));")]
    [InlineData("Linear[] a = [Linear(2, 2)];", "if (a is [{ in_features: > 1 } l, .. var rest]) { Z.Init(l); Z.Init(rest); }")]
    [InlineData("Lins a = [Linear(2, 2)];", "")]
    [InlineData("Lins a = new() { Linear(2, 2) };", "a.Add(nn.Linear(1, 1));")]
    [InlineData("D a = new() { [\"a\"] = Linear(2, 2) };", "a[\"b\"] = nn.Linear(1, 1);")]
    [InlineData("D a = new() { { \"a\", Linear(2, 2) } };", "")]
    [InlineData("Heads a = new() { Linear(2, 2) };", "a.Add(nn.Linear(1, 1));")]
    [InlineData("Cfg a = new() { Many = { Linear(1, 1) } };", "a.Many.Add(nn.Linear(1, 1));")]
    public void What_is_given_to_others_stays(string field, string statements)
    {
        Generated generated = WithMember($"private sealed record Pair(Linear A, Conv2d B); private readonly {field} private void F() {{ {statements} }}");
        Assert.Contains(field, generated.Text, StringComparison.Ordinal);
        Assert.Contains(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1006");
        Assert.DoesNotContain(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1001");
    }

    [Theory]
    [InlineData("Lins bag = [];", "Linear l = bag[0]; l = bag.First(); foreach (Linear m in bag) l = m; foreach (var m in bag) l = m; _ = l;")]
    [InlineData("Lins bag = [];", "Linear? l = bag.Find(m => m.weight is not null) ?? bag?[0]; l = bag!.Select(m => m).First(); _ = l;")]
    [InlineData("Lins bag = [];", "List<Linear> all = bag; List<Linear> more = new(bag), same = [.. bag]; IReadOnlyList<Linear> list = (IReadOnlyList<Linear>)bag; _ = (all, more, same, list);")]
    [InlineData("Lins bag = [];", "List<Linear> all = [Z.Shared]; Lins more = [.. all]; _ = more;")]
    [InlineData("Heads bag = new();", "Tensor x = zeros(2); foreach (var l in bag) x = l.call(x); Linear m = bag[0]; _ = m;")]
    [InlineData("D bag = [];", "Linear l = bag[\"a\"]; l = bag.Values.First(); if (bag.TryGetValue(\"a\", out Linear? found)) l = found; if (bag.TryGetValue(\"a\", out var v)) l = v; _ = l;")]
    public void What_comes_from_others_stays(string field, string statements)
        => Assert.Contains(statements, WithMember($"private readonly {field} private void F() {{ {statements} }}").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("from i in new[] { 1, 2 } let lin = Linear(i, i) select (Module<Tensor, Tensor>)lin")]
    [InlineData("from i in new[] { 1, 2 } let lin = Linear(i, i) let n = i + 1 where n > 1 select lin")]
    [InlineData("from i in new[] { 1, 2 } from lin in new[] { Linear(i, i) } where lin.weight is not null select lin")]
    [InlineData("from c in cs let d = c let lin = Linear(d.In, d.In) select (Module<Tensor, Tensor>)lin")]
    [InlineData("from c in cs let d = c orderby d.In select Linear(d.In, d.In)")]
    [InlineData("from c in cs select new { C = c, A = Linear(2, 2) } into both select both.A")]
    [InlineData("cs.Select(c => new { c, A = Linear(2, 2) }).Where(both => both.c.In > 2).Select(both => both.A)")]
    [InlineData("new[] { new { A = Linear(2, 2) }.A }")]
    public void Members_of_anonymous_types_go_with_what_they_are_made_of(string query)
    {
        Generated generated = WithMember($$"""
            public sealed class Sizes { public int In; }
            private readonly Sizes[] cs = [new() { In = 2 }];
            private IEnumerable<Module<Tensor, Tensor>> F() => {{query}};
            """);
        Assert.Contains("QuantLinear(", generated.LineWith("> F()"), StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    [Theory]
    [InlineData("from i in new[] { 1, 2 } let lin = Linear(i, i) let other = Z.Shared select i > 1 ? lin : other")]
    [InlineData("new[] { new { A = Linear(2, 2) }, new { A = Z.Shared } }.Select(a => a.A)")]
    [InlineData("cs.Select(c => Z.Shared).Append(Linear(2, 2))")]
    [InlineData("new[] { new Layer { L = Z.Shared }.L, Linear(2, 2) }")]
    public void Members_of_anonymous_types_stay_with_what_stays(string query)
    {
        Generated generated = WithMember($$"""
            public sealed class Sizes { public int In; }
            public sealed class Layer { public Linear? L; }
            private readonly Sizes[] cs = [new() { In = 2 }];
            private IEnumerable<Linear?> F() => {{query}};
            """);
        Assert.Contains(query, generated.LineWith("> F()"), StringComparison.Ordinal);
        Assert.All(generated.Diagnostics, diagnostic => Assert.Equal("QG1006", diagnostic.Id));
    }

    [Theory]
    [InlineData("[Quantize] public class Linear : Module<Tensor, Tensor>", "Linear")]
    [InlineData("[Quantize(Name = \"QuantLinear\")] public class Net : Module<Tensor, Tensor>", "Net")]
    [InlineData("[Quantize] public class Linear() : Module(\"other\") { } [Quantize] public class Net : Module<Tensor, Tensor>", "Net")]
    [InlineData("[Quantize(Name = \"QuantLinear\")] public class Other() : Module(\"other\") { } [Quantize] public class Net : Module<Tensor, Tensor>", "Net")]
    [InlineData("[Quantize(Name = \"Quant\" + nameof(Linear))] public class Other() : Module(\"other\") { } [Quantize] public class Net : Module<Tensor, Tensor>", "Net")]
    public void A_generated_class_that_is_called_as_one_of_the_runtime_is_told_from_it(string header, string name)
    {
        Generated generated = Generated.FromModel($$"""
            {{header}}
            {
                private readonly TorchSharp.Modules.Linear layer = nn.Linear(2, 2);
                public {{name}}() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => layer.call(x);
            }
            """);
        Assert.Contains(
            generated.Files.Select(file => generated[file[..^".g.cs".Length]]),
            text => text.Contains("global::QuantGen.Modules.QuantLinear layer = new global::QuantGen.Modules.QuantLinear(2, 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_of_another_namespace_that_is_called_as_a_layer_is_told_from_it()
    {
        Generated generated = Generated.From("""
            using QuantGen;
            using TorchSharp;
            using Others;
            namespace Others { [Quantize] public class Linear() : torch.nn.Module("other") { } }
            namespace Models
            {
                [Quantize] public class Net() : torch.nn.Module("net")
                {
                    public torch.nn.Module Make() => new Linear();
                    public torch.nn.Module Layer() => torch.nn.Linear(2, 2);
                }
            }
            """);
        Assert.Contains("Make() => new global::Others.QuantLinear();", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("Layer() => new global::QuantGen.Modules.QuantLinear(2, 2", generated["QuantNet"], StringComparison.Ordinal);
    }

    private static Generated WithMember(string member) => Generated.From("using System;\nusing System.Collections.Generic;\nusing System.Linq;\n" + Compiler.Usings + $$"""
        namespace Models;
        [Quantize]
        public class Net : Module<Tensor, Tensor>
        {
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x;
            {{member}}
        }
        {{Others}}
        """);
}
