using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Mappings;

/// <summary>The pairs of modules that <c>[assembly: QuantizedModule(…)]</c> names.</summary>
internal sealed class ModulePairs
{
    private readonly Dictionary<ISymbol, (KnownModule Module, INamedTypeSymbol Quantized)> _pairs = new(SymbolEqualityComparer.Default);
    private readonly KnownSymbols _known;

    public ModulePairs(KnownSymbols known, IEnumerable<AttributeData> attributes)
    {
        _known = known;
        foreach (AttributeData attribute in attributes)
        {
            // What is not an argument at all, the compiler tells of.
            if (attribute.ConstructorArguments is not [var first, var second] || IsError(first) || IsError(second))
            {
                continue;
            }

            if (ReasonAgainst(first, second) is { } reason)
            {
                Problems.Add((attribute, Name(first), Name(second), reason));
                continue;
            }

            (INamedTypeSymbol module, INamedTypeSymbol quantized) = ((INamedTypeSymbol)first.Value!, (INamedTypeSymbol)second.Value!);
            bool hasWeight = quantized.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == "weight"));
            _pairs.Add(module, (new(module.Name, hasWeight), quantized));
        }
    }

    /// <summary>The pairs that cannot be used.</summary>
    public List<(AttributeData Attribute, string Module, string Quantized, string Reason)> Problems { get; } = [];

    public bool TryGet(ITypeSymbol module, out (KnownModule Module, INamedTypeSymbol Quantized) pair) => _pairs.TryGetValue(module, out pair);

    private string? ReasonAgainst(TypedConstant module, TypedConstant quantized)
    {
        if (ReasonAgainst(module) is { } reason)
        {
            return reason;
        }

        if (ReasonAgainst(quantized) is { } other)
        {
            return other;
        }

        INamedTypeSymbol replaced = (INamedTypeSymbol)module.Value!;
        return KnownSymbols.Same(replaced, (INamedTypeSymbol)quantized.Value!) ? "the two are the same"
            : ((INamedTypeSymbol)quantized.Value!).IsAbstract ? $"'{Name(quantized)}' is abstract"
            : _known.TryGetQuantized(replaced, out _, out INamedTypeSymbol given) ? $"its counterpart is '{given.Name}'"
            : TryGet(replaced, out var pair) ? $"its counterpart is '{pair.Quantized.Name}'"
            : null;
    }

    private string? ReasonAgainst(TypedConstant type)
        => !_known.IsModule((type.Value as ITypeSymbol)?.OriginalDefinition) ? $"'{Name(type)}' does not derive from 'torch.nn.Module'"
            : IsGeneric((INamedTypeSymbol)type.Value!) ? $"'{Name(type)}' is generic"
            : ((INamedTypeSymbol)type.Value!).IsFileLocal ? $"'{Name(type)}' is local to its file"
            : null;

    private static bool IsGeneric(INamedTypeSymbol type) => type.Arity > 0 || (type.ContainingType is { } outer && IsGeneric(outer));

    private static bool IsError(TypedConstant type) => type.Kind == TypedConstantKind.Error || type.Value is IErrorTypeSymbol;

    private static string Name(TypedConstant type) => (type.Value as ITypeSymbol)?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "null";
}
