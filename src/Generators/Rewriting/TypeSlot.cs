using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>A place that has one type: a symbol by what it is declared as, an expression or a pattern by its syntax.</summary>
internal readonly record struct TypeSlot
{
    private TypeSlot(ISymbol? symbol, SyntaxNode? node, bool isOwnArgument) => (Symbol, Node, IsOwnArgument) = (symbol, node, isOwnArgument);

    /// <summary>The slot of the class itself and of what is in it: it has another type in any case.</summary>
    public static TypeSlot Own => default;

    public ISymbol? Symbol { get; }

    public SyntaxNode? Node { get; }

    /// <summary>
    /// Whether it is a type argument of a call that stands for the class itself. Apart from the call's own slot, since one call may have a type argument of
    /// either kind: <c>Pair(this, conv)</c>.
    /// </summary>
    public bool IsOwnArgument { get; }

    public static TypeSlot Of(ISymbol symbol) => new(symbol, null, isOwnArgument: false);

    public static TypeSlot Of(SyntaxNode node) => new(null, node, isOwnArgument: false);

    public static TypeSlot OfOwnArgument(SyntaxNode call) => new(null, call, isOwnArgument: true);
}
