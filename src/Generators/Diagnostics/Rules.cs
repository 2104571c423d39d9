using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using QuantGen.Diagnostics;

namespace QuantGen.Generators.Diagnostics;

/// <summary>What the generator says where it cannot do its work; each has a page in <c>docs/diagnostics</c>.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NotAModel = Rule(
        "QG1001", DiagnosticSeverity.Error, "Only a class of modules can be quantized",
        "'{0}' cannot be quantized: {1}");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Rule(
        "QG1002", DiagnosticSeverity.Error, "A type around a quantized model must be partial",
        "'{0}' must be partial: the generated class '{1}' is put beside '{2}', inside of it");

    public static readonly DiagnosticDescriptor NameNotUsable = Rule(
        "QG1003", DiagnosticSeverity.Error, "The name of the generated class is not usable",
        "The generated class cannot be called '{0}': {1}; set Name to another name");

    public static readonly DiagnosticDescriptor ResidualNotQuantized = Rule(
        "QG1004", DiagnosticSeverity.Warning, "The residual operand of an addition stays unquantized",
        "'{0}' is not quantized: {1}");

    public static readonly DiagnosticDescriptor NotTraceable = Rule(
        "QG1005", DiagnosticSeverity.Info, "A method cannot be exported to ONNX",
        "'{0}' cannot be exported to ONNX: {1}");

    public static readonly DiagnosticDescriptor TypeStays = Rule(
        "QG1006", DiagnosticSeverity.Warning, "A module stays in full precision since its type is fixed elsewhere",
        "'{0}' stays in full precision: {1}");

    public static readonly DiagnosticDescriptor GeneratorFailed = Rule(
        "QG1007", DiagnosticSeverity.Error, "The generator failed on a class",
        "'{0}' could not be quantized because of a defect in the generator; please report it with this text: {1}");

    public static readonly DiagnosticDescriptor ConvertedAtRunTime = Rule(
        "QG1008", DiagnosticSeverity.Info, "A module that other code makes is quantized at run time",
        "What '{0}' makes is not seen by the generator; QuantModules quantizes the layers that it can reach in it when the model is built");

    public static readonly DiagnosticDescriptor FunctionNotQuantized = Rule(
        "QG1009", DiagnosticSeverity.Warning, "A functional operation stays unquantized",
        "'{0}' is not quantized: {1}");

    public static readonly DiagnosticDescriptor PairNotUsable = Rule(
        "QG1010", DiagnosticSeverity.Error, "A pair of modules is not usable",
        "'{0}' is not exchanged for '{1}': {2}");

    public static readonly DiagnosticDescriptor LayersStay = Rule(
        "QG1011", DiagnosticSeverity.Warning, "Layers stay in full precision",
        "'{0}' stays in full precision: {1}");

    public static readonly DiagnosticDescriptor MadeAtEachCall = Rule(
        "QG1012", DiagnosticSeverity.Warning, "A layer is made anew at each call",
        "'{0}' is made anew at each call, so that its quantizers would never be calibrated; it stays in full precision");

    public static readonly DiagnosticDescriptor PartialMemberOfOthers = Rule(
        "QG1013", DiagnosticSeverity.Warning, "A partial member is implemented by another generator",
        "'{0}' is implemented by another generator, which does not see the quantized class; it throws there");

    public static readonly DiagnosticDescriptor ProfileMissing = Rule(
        "QG1014", DiagnosticSeverity.Warning, "Another model has no profile of this name",
        "'{0}' has no profile '{1}'; '{2}' takes '{3}'");

    public static readonly DiagnosticDescriptor TakenForMask = Rule(
        "QG1015", DiagnosticSeverity.Info, "An operand is taken for a mask by its name",
        "'{0}' is taken for a mask or a bias by its name, and is not quantized");

    public static readonly DiagnosticDescriptor DelegateNotFollowed = Rule(
        "QG1016", DiagnosticSeverity.Info, "A delegate is not followed by data flow",
        "What '{0}' computes is not followed: it counts as no layer, and nothing is known of its sign");

    public static readonly DiagnosticDescriptor PatternMatchesNothing = Rule(
        "QG1017", DiagnosticSeverity.Error, "A pattern of names matches nothing",
        "'{0}' matches no {1} in '{2}'");

    public static readonly DiagnosticDescriptor FlowCutShort = Rule(
        "QG1018", DiagnosticSeverity.Warning, "Data flow is cut short",
        "'{0}' is called in too many ways for data flow to tell them apart; what comes out of it is known roughly only");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        NotAModel, ContainingTypeNotPartial, NameNotUsable, ResidualNotQuantized, NotTraceable, TypeStays, GeneratorFailed, ConvertedAtRunTime,
        FunctionNotQuantized, PairNotUsable, LayersStay, MadeAtEachCall, PartialMemberOfOthers, ProfileMissing, TakenForMask, DelegateNotFollowed, PatternMatchesNothing, FlowCutShort,
    ];

    public static DiagnosticDescriptor Find(string id) => All.First(rule => rule.Id == id);

    private static DiagnosticDescriptor Rule(string id, DiagnosticSeverity severity, string title, string message) => new(
        id, title, message, "QuantGen", severity, isEnabledByDefault: true,
        helpLinkUri: HelpLink.Of(id));
}
