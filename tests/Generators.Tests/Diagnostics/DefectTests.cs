using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Generators;
using QuantGen.Generators.Models;
using QuantGen.Generators.Pipeline;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Diagnostics;

/// <summary>QG1007: a defect of the generator on one class is told of there, and the others are generated.</summary>
public sealed class DefectTests
{
    private const string Source = Compiler.Usings + """
        namespace Models;
        [Quantize] public class Bad() : Module("bad") { }
        [Quantize] public class Good() : Module("good") { }
        """;

    [Fact]
    public void In_reading()
        => Says((_, _, _, _) => throw new InvalidOperationException("no such layer"), "InvalidOperationException: no such layer at ");

    [Fact]
    public void In_writing()
        => Says(
            (model, declaration, attributes, cancellation) =>
            {
                ParsedClass parsed = ModelParser.Parse(model, declaration, attributes, cancellation);
                EquatableArray<TextEdit> overlapping = [new(0, 5, 0, ""), new(3, 1, 0, "")];
                return parsed with { Models = [.. parsed.Models.Select(spec => spec with { Edits = overlapping })] };
            },
            "ArgumentOutOfRangeException: ");

    private static void Says(ModelReader bad, string text)
    {
        CSharpCompilation compilation = Compiler.Compile(Source);
        QuantizeGenerator generator = new((model, declaration, attributes, cancellation) =>
            (declaration.Identifier.ValueText == "Bad" ? bad : ModelParser.Parse)(model, declaration, attributes, cancellation));

        GeneratorRunResult result = Compiler.Driver(generator).RunGenerators(compilation).GetRunResult().Results[0];

        Assert.Equal("Models.QuantGood.g.cs", Assert.Single(result.GeneratedSources).HintName);
        Diagnostic defect = Assert.Single(result.Diagnostics);
        Assert.Equal(("QG1007", "Bad"), (defect.Id, defect.Location.SourceTree!.GetText().ToString(defect.Location.SourceSpan)));
        Assert.StartsWith(
            "'Bad' could not be quantized because of a defect in the generator; please report it with this text: " + text,
            defect.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
