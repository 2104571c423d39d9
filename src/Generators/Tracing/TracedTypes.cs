using Microsoft.CodeAnalysis;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Tracing;

/// <summary>What becomes of a type when a method is printed once more over traced tensors.</summary>
internal sealed class TracedTypes(KnownSymbols known, TracingSymbols tracing, Compilation compilation)
{
    public TracingSymbols Symbols => tracing;

    /// <summary>Whether <c>Tensor</c> is part of a type. The type arguments of a module do not count: modules stay as they are.</summary>
    public bool Mentions(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => Mentions(array.ElementType),
        INamedTypeSymbol named => KnownSymbols.Same(named, known.Tensor) || (!known.IsModule(named) && named.TypeArguments.Any(Mentions)),
        _ => false,
    };

    /// <summary>The type with <c>TracedTensor</c> for <c>Tensor</c>.</summary>
    public ITypeSymbol Map(ITypeSymbol type)
    {
        if (!Mentions(type))
        {
            return type;
        }

        return type switch
        {
            IArrayTypeSymbol array => compilation.CreateArrayTypeSymbol(Map(array.ElementType), array.Rank),
            INamedTypeSymbol named when KnownSymbols.Same(named, known.Tensor) => tracing.Tensor,
            INamedTypeSymbol { IsTupleType: true } tuple => compilation.CreateTupleTypeSymbol(
                [.. tuple.TupleElements.Select(element => Map(element.Type))],
                [.. tuple.TupleElements.Select(element => element.IsExplicitlyNamedTupleElement ? element.Name : null)]),
            INamedTypeSymbol named => named.ConstructedFrom.Construct([.. named.TypeArguments.Select(Map)]),
            _ => type,
        };
    }

    /// <summary>Whether a value of one type can be given where another is wanted.</summary>
    public bool Fits(ITypeSymbol? given, ITypeSymbol wanted)
        => given is not null && compilation.ClassifyCommonConversion(Map(given), wanted).IsImplicit;

    /// <summary>Whether a tensor that is not traced, such as a parameter of the model, can stand for a traced one.</summary>
    public bool TakesConstants => Conversion(known.Tensor);

    private bool Conversion(ITypeSymbol from) => compilation.ClassifyCommonConversion(from, tracing.Tensor).IsImplicit;
}
