using Microsoft.CodeAnalysis;
using QuantGen.Generators.Emitting;
using QuantGen.Generators.Models;
using QuantGen.Generators.Pipeline;

namespace QuantGen.Generators;

/// <summary>Writes the quantized sibling of each class with <c>[Quantize]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class QuantizeGenerator : IIncrementalGenerator
{
    private readonly ModelReader _read;

    /// <summary>Makes the generator.</summary>
    public QuantizeGenerator()
        : this(ModelParser.Parse)
    {
    }

    /// <summary>For tests: reads classes by another function.</summary>
    internal QuantizeGenerator(ModelReader read) => _read = read;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Each annotated class becomes values: what to generate and what to say. The memo answers for those that an edit left alone.
        ModelMemo memo = new(_read);
        IncrementalValuesProvider<ParsedClass> classes = context.CompilationProvider
            .SelectMany((compilation, cancellation) => memo.Read(compilation, cancellation))
            .WithTrackingName(TrackingNames.Parse);

        IncrementalValueProvider<GeneratorOptions> options = context.AnalyzerConfigOptionsProvider
            .Select(static (provider, _) => GeneratorOptions.Read(provider))
            .WithTrackingName(TrackingNames.Options);

        // One file for each profile of each class.
        IncrementalValuesProvider<ModelSpec> models = classes
            .SelectMany(static (parsed, _) => parsed.Models)
            .WithTrackingName(TrackingNames.Models);
        // The compiler takes file names that differ only by case as one; nearly always there are none.
        IncrementalValueProvider<EquatableArray<string>> clashes = models
            .Select(static (model, _) => model.HintName)
            .Collect()
            .Select(static (names, _) => HintNames.Clashes(names))
            .WithTrackingName(TrackingNames.Clashes);
        context.RegisterSourceOutput(
            models.Combine(options).Combine(clashes).WithTrackingName(TrackingNames.Output),
            static (output, item) => output.AddSource(
                HintNames.Distinct(item.Left.Left.HintName, item.Right), ModelEmitter.Emit(item.Left.Left, item.Left.Right)));

        // Of a class that is annotated at two of its parts, each says the same. Most classes have nothing to say, so that asking for the compilation costs
        // nothing.
        context.RegisterSourceOutput(
            classes.SelectMany(static (parsed, _) => parsed.Diagnostics).Collect().SelectMany(static (all, _) => all.Distinct()).Combine(context.CompilationProvider),
            static (output, item) => output.ReportDiagnostic(item.Left.ToDiagnostic(item.Right)));
    }
}
