using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>What stands at the ends of a module, as far as the class itself tells: what wants its output quantized, gives integers, or reads floating point.</summary>
internal sealed class ModuleOutputs(KnownSymbols known, ModuleContents contents)
{
    private readonly HashSet<ISymbol> _reading = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the quantized form of a module gives what is quantized already.</summary>
    public bool AreQuantized(IOperation? module) => !IsFullPrecision(module) && Last(module) is { } last && TorchModules.Of(last).GivesIntegers;

    /// <summary>Whether what a module computes in floating point of what it is given keeps what is before it from giving integers.</summary>
    public bool ReadsFloat(IOperation? module) => First(module) is { } first && TorchModules.Of(first).ComputesInFloat;

    /// <summary>Whether a quantizer right behind a module lets the last operation in it give integers.</summary>
    /// <param name="module">The module.</param>
    /// <param name="given">Whether that is so for what it is given.</param>
    public bool WantQuantizer(IOperation? module, bool given) => !IsFullPrecision(module) && module switch
    {
        IConversionOperation conversion => WantQuantizer(conversion.Operand, given),
        { Type: { } type } when ModuleContents.IsLeaf(type) => TorchModules.Of(type.Name) is var row && (row.NeedsQuantizedOutput || (row.IsAbsorbed && given)),
        IInvocationOperation or IObjectCreationOperation when contents.Parts(module) is { } parts => parts.Aggregate(given, (before, part) => WantQuantizer(part, before)),
        _ => Assigned(module, values => values.All(value => WantQuantizer(value, given))),
    };

    private bool IsFullPrecision(IOperation? module) => module is not null && ModuleContents.Referenced(module) is { } symbol && known.IsFullPrecision(symbol);

    private string? Last(IOperation? module) => Name(module, parts => parts[parts.Count - 1], Last);

    private string? First(IOperation? module) => Name(module, parts => parts[0], First);

    /// <summary>The name of the layer at one end of a module; <see langword="null"/> where it is not known, or not one.</summary>
    private string? Name(IOperation? module, Func<IReadOnlyList<IOperation>, IOperation> end, Func<IOperation?, string?> again)
    {
        switch (module)
        {
            case IConversionOperation conversion:
                return again(conversion.Operand);

            case { Type: { } type } when ModuleContents.IsLeaf(type):
                return type.Name;

            case IInvocationOperation or IObjectCreationOperation when contents.Parts(module) is { Count: > 0 } parts:
                return again(end(parts));

            default:
                string? name = null;
                return Assigned(module, values => values.Select(again).Distinct().ToList() is [{ } only] && (name = only) is not null) ? name : null;
        }
    }

    private bool Assigned(IOperation? module, Func<IReadOnlyList<IOperation>, bool> holds)
    {
        if (module is null || ModuleContents.Referenced(module) is not { } symbol || contents.IsFilled(symbol) || contents.Assigned(symbol) is not { Count: > 0 } values
            || !_reading.Add(symbol))
        {
            return false;
        }

        bool result = holds(values);
        _reading.Remove(symbol);
        return result;
    }
}
