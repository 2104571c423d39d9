using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using QuantGen.Generators;
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
    public void After_an_edit_of_a_body_elsewhere_no_class_is_read()
    {
        Project project = new(Net, Block);
        project.Edit(1, "=> x;", "=> x.relu();");
        Assert.Empty(project.Read);
        Assert.Equal([IncrementalStepRunReason.Unchanged], project.Reasons(TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Cached], project.OutputReasons);
    }

    [Fact]
    public void After_an_edit_of_a_declaration_that_the_class_does_not_mention_it_is_not_read()
    {
        Project project = new(Net, Block);
        project.Edit(1, "public Block()", "public int Size; public Block()");
        Assert.Empty(project.Read);
        Assert.Equal([IncrementalStepRunReason.Cached], project.OutputReasons);
    }

    [Fact]
    public void After_an_edit_of_a_declaration_that_it_mentions_the_class_is_read_and_unless_that_changes_it_nothing_is_written()
    {
        Project project = new(Net, Block);
        project.Edit(1, "public Block()", "public Block(int n) : this() { } public Block()");
        Assert.Equal(["Net"], project.Read);
        Assert.Equal([IncrementalStepRunReason.Unchanged], project.Reasons(TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Cached], project.OutputReasons);
    }

    [Fact]
    public void After_an_edit_of_the_class_its_file_is_written_again()
    {
        Project project = new(Net, Block);
        project.Edit(0, "x + block", "2 * x + block");
        Assert.Equal(["Net"], project.Read);
        Assert.Equal([IncrementalStepRunReason.Modified], project.Reasons(TrackingNames.Parse));
        Assert.Equal([IncrementalStepRunReason.Modified], project.OutputReasons);
    }

    [Theory]
    [InlineData("public class Block :", "[Quantize(Name = \"QuantLinear\")] public class Block :")]
    [InlineData("namespace Models;", "[assembly: Quantize(typeof(Models.Block), Name = \"QuantLinear\")] namespace Models;")]
    public void A_generated_class_that_gets_the_name_of_a_layer_is_seen(string piece, string with)
    {
        Project project = new(Net.Replace("new Block()", "Linear(2, 2)", StringComparison.Ordinal), Block);
        GeneratorRunResult result = project.Edit(1, piece, with);
        Assert.Contains(result.GeneratedSources, source => source.SourceText.ToString().Contains("new global::QuantGen.Modules.QuantLinear(2, 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pair_of_modules_that_becomes_unusable_is_told_of()
    {
        Project project = new(Net, Block, Compiler.Usings + "[assembly: QuantizedModule(typeof(Models.Block), typeof(Models.QuantBlock))] namespace Models; public class QuantBlock : Block { }");
        Assert.Empty(project.Result.Diagnostics);
        Assert.Equal("QG1010", Assert.Single(project.Edit(2, "typeof(Models.QuantBlock)", "typeof(int)").Diagnostics).Id);
        Assert.Equal("QG1010", Assert.Single(project.Edit(0, "x + block", "2 * x + block").Diagnostics).Id);
        Assert.Equal("QG1010", Assert.Single(project.Edit(2, "namespace Models;", "\nnamespace Models;").Diagnostics).Id);
        Assert.Empty(project.Edit(2, "typeof(int)", "typeof(Models.QuantBlock)").Diagnostics);
    }

    [Fact]
    public void After_an_edit_above_the_class_its_lines_move_but_it_is_not_read()
    {
        Project project = new(Net, Block);
        GeneratorRunResult result = project.Edit(0, "namespace Models;", "namespace Models;\n// It is\n// a net.");
        Assert.Empty(project.Read);
        Assert.Contains("#line 9 \"Models/File0.cs\"", result.GeneratedSources.Single().SourceText.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using QuantGen;", "using  QuantGen;")]
    [InlineData("namespace Models;", "namespace Models; // All of them.")]
    public void What_stands_around_the_class_is_written_as_it_is_now(string piece, string with)
    {
        Project project = new(Net, Block);
        project.Edit(0, piece, with);
    }

    [Fact]
    public void After_an_edit_of_a_class_others_in_its_file_are_not_read_and_what_is_said_of_them_moves()
    {
        Project project = new(Net + """

            [Quantize] public class Other() : Module<Tensor, Tensor>("other")
            {
                public override Tensor forward(Tensor x) => System.Math.Max(1, 2) > 1 ? linalg.det(x) : x;
            }
            """, Block);
        string place = Assert.Single(project.Result.Diagnostics).Location.ToString();
        GeneratorRunResult result = project.Edit(0, "x + block.call(x)", "x +\n block.call(x)");
        Assert.Equal(["Net"], project.Read);
        Assert.NotEqual(place, Assert.Single(result.Diagnostics).Location.ToString());
    }

    [Fact]
    public void A_declaration_elsewhere_that_matters_is_seen()
    {
        GeneratorRunResult result = new Project(Net, Block).Edit(1, "public class", "[Quantize] public class");
        Assert.Contains("block = new QuantBlock();", result.GeneratedSources.Single(source => source.HintName == "Models.QuantNet.g.cs").SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_edit_of_one_part_of_a_partial_class_all_of_it_is_read()
    {
        Project project = new(Net.Replace("class Net", "partial class Net", StringComparison.Ordinal), Block, Compiler.Usings + """
            namespace Models;
            public partial class Net { private Tensor Half(Tensor x) => x / 2; }
            """);
        project.Edit(2, "x / 2", "x * 0.5");
        Assert.Equal(["Net"], project.Read);
        project.Edit(1, "=> x;", "=> -x;");
        Assert.Empty(project.Read);
    }

    [Fact]
    public void An_attribute_of_the_assembly_that_moves_takes_what_is_said_of_it_along()
    {
        Project project = new(Net.Replace("[Quantize] ", "", StringComparison.Ordinal), Block, "using QuantGen;\n[assembly: Quantize(typeof(Models.Net), Name = \"int\")]");
        GeneratorRunResult result = project.Edit(2, "[assembly", "\n[assembly");
        Assert.Equal(2, Assert.Single(result.Diagnostics).Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void A_class_that_loses_its_attribute_loses_its_file()
        => Assert.Empty(new Project(Net, Block).Edit(0, "[Quantize] ", "").GeneratedSources);

    [Fact]
    public void Classes_that_were_read_before_a_key_stopped_it_are_not_read_again()
    {
        CSharpCompilation compilation = Compiler.Compile(Net, Block.Replace("public class", "[Quantize] public class", StringComparison.Ordinal));
        compilation = compilation.WithOptions(compilation.Options.WithConcurrentBuild(false));
        using CancellationTokenSource key = new();
        List<string> read = [];
        GeneratorDriver driver = Compiler.Driver(new QuantizeGenerator((model, declaration, attributes, cancellation) =>
        {
            read.Add(declaration.Identifier.ValueText);
            if (read.Count == 2)
            {
                key.Cancel();
            }

            return ModelParser.Parse(model, declaration, attributes, cancellation);
        })).RunGenerators(Compiler.Compile(""));

        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(compilation, key.Token));
        driver.RunGenerators(compilation);

        Assert.Equal(["Net", "Block", "Block"], read);
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

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step)
        => result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(output => output.Reason);

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
