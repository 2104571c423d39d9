using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using QuantGen.Generators.Pipeline;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Incremental;

/// <summary>What runs again after an edit.</summary>
public sealed class IncrementalTests
{
    private const string Net = Compiler.Usings + """
        namespace Models;
        [Quantize] public class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> block = new Block();
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x + block.call(x);
        }
        """;

    private const string Block = Compiler.Usings + """
        namespace Models;
        public class Block : Module<Tensor, Tensor>
        {
            public Block() : base("block") => RegisterComponents();
            public override Tensor forward(Tensor x) => x;
        }
        """;

    [Fact]
    public void After_an_edit_of_a_declaration_elsewhere_the_model_is_unchanged_and_nothing_is_written()
    {
        GeneratorRunResult result = Edit(Block.Replace("public Block()", "public int Count; public Block()", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Cached], Outputs(result));
    }

    [Fact]
    public void After_an_edit_of_a_body_elsewhere_the_model_is_not_even_read()
    {
        GeneratorRunResult result = Edit(Block.Replace("=> x;", "=> x.relu();", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Cached], Outputs(result));
    }

    [Fact]
    public void After_an_edit_of_the_class_its_file_is_written_again()
    {
        GeneratorRunResult result = Edit(Net.Replace("x + block", "2 * x + block", StringComparison.Ordinal), file: 0);
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Modified], Outputs(result));
    }

    [Fact]
    public void A_declaration_elsewhere_that_matters_is_seen()
    {
        GeneratorRunResult result = Edit(Block.Replace("public class", "[Quantize] public class", StringComparison.Ordinal));
        Assert.Contains("block = new QuantBlock();", result.GeneratedSources.Single(source => source.HintName == "Models.QuantNet.g.cs").SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_option_writes_the_files_again_without_reading_the_models()
    {
        CSharpCompilation compilation = Compiler.Compile(Net, Block);
        GeneratorDriver driver = Compiler.Driver().RunGenerators(compilation);
        Assert.Contains("#line 7 \"Models/File0.cs\"", driver.GetRunResult().GeneratedTrees.Single().ToString(), StringComparison.Ordinal);

        GeneratorRunResult result = driver.WithUpdatedAnalyzerConfigOptions(new Options()).RunGenerators(compilation).GetRunResult().Results[0];

        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, TrackingNames.Models));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Options));
        Assert.DoesNotContain("#line", result.GeneratedSources.Single().SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_sources_give_equal_models()
    {
        ImmutableArray<IncrementalGeneratorRunStep> Steps() => Compiler.Driver().RunGenerators(Compiler.Compile(Net, Block)).GetRunResult().Results[0].TrackedSteps[TrackingNames.Parse];
        Assert.Equal(Steps().Single().Outputs.Single().Value, Steps().Single().Outputs.Single().Value);
    }

    [Fact]
    public void What_flows_through_the_pipeline_holds_no_symbols_and_no_syntax()
    {
        GeneratorRunResult result = Compiler.Driver().RunGenerators(Compiler.Compile(Net, Block)).GetRunResult().Results[0];
        HashSet<object> seen = [];
        foreach (object value in result.TrackedSteps[TrackingNames.Parse].SelectMany(step => step.Outputs).Select(output => output.Value))
        {
            Walk(value, seen);
        }

        Assert.True(seen.Count > 20);
    }

    private static void Walk(object? node, HashSet<object> seen)
    {
        if (node is null or string or Type || node.GetType().IsPrimitive || node.GetType().IsEnum || !seen.Add(node))
        {
            return;
        }

        Assert.False(node is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel or Location, node.GetType().FullName);
        if (node is System.Collections.IEnumerable items)
        {
            foreach (object? item in items)
            {
                Walk(item, seen);
            }

            return;
        }

        const System.Reflection.BindingFlags All = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public;
        foreach (System.Reflection.FieldInfo field in node.GetType().GetFields(All))
        {
            Walk(field.GetValue(node), seen);
        }
    }

    private static GeneratorRunResult Edit(string newText, int file = 1)
    {
        CSharpCompilation compilation = Compiler.Compile(Net, Block);
        GeneratorDriver driver = Compiler.Driver().RunGenerators(compilation);
        SyntaxTree tree = compilation.SyntaxTrees[file];
        return driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, Compiler.Parse(newText, tree.FilePath))).GetRunResult().Results[0];
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step)
        => result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Outputs(GeneratorRunResult result)
        => result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(output => output.Reason);

    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.QuantGenLineDirectives" ? "false" : null;
                return value is not null;
            }
        }
    }
}
