using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.CodeFixes;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.CodeFixes;

/// <summary>QG1002: one fix makes the types around a model partial.</summary>
public sealed class MakePartialTests
{
    [Fact]
    public async Task All_types_around_the_model_become_partial()
    {
        const string Source = Compiler.Usings + """
            namespace Models;

            /// <summary>Models.</summary>
            public static class Zoo
            {
                // Of cats.
                struct Cage
                {
                    [Quantize] public class Net() : Module("net") { }
                    [Quantize] public class Other() : Module("other") { }
                }
            }
            """;
        string fixedSource = await Fix(Source);

        Assert.Equal(
            Source.Replace("static class Zoo", "static partial class Zoo", StringComparison.Ordinal).Replace("    struct Cage", "    partial struct Cage", StringComparison.Ordinal),
            fixedSource);
        Assert.Empty(Compiler.ErrorsWithGenerated(fixedSource));
        Assert.Equal(["Models.Zoo.Cage.QuantNet.g.cs", "Models.Zoo.Cage.QuantOther.g.cs"], Generated.From(fixedSource).Files);
    }

    private static async Task<string> Fix(string source)
    {
        CSharpCompilation compilation = Compiler.Compile(source);
        ImmutableArray<Diagnostic> diagnostics = Compiler.Driver().RunGenerators(compilation).GetRunResult().Diagnostics;
        using AdhocWorkspace workspace = new();
        Document document = workspace.AddProject("Models", LanguageNames.CSharp).AddDocument("File0.cs", source);
        List<CodeAction> actions = [];
        MakePartialCodeFix fix = new();
        Assert.NotNull(fix.GetFixAllProvider());
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostics[0].Location.SourceSpan, [.. diagnostics], (action, _) => actions.Add(action), CancellationToken.None));

        CodeActionOperation operation = Assert.Single(await Assert.Single(actions).GetOperationsAsync(CancellationToken.None));
        Document changed = Assert.IsType<ApplyChangesOperation>(operation).ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync()).ToString();
    }
}
