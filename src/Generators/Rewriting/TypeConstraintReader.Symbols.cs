using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>To which slot a symbol or a name belongs.</content>
internal sealed partial class TypeConstraintReader
{
    /// <summary>The slot of a symbol whose declared type changes.</summary>
    private TypeSlot? Slot(ISymbol? symbol)
    {
        symbol = SlotOwners.Definition(symbol);
        if (symbol is null || SlotOwners.TypeOf(symbol) is not { } type || !_types.Changes(type))
        {
            return null;
        }

        TypeSlot slot = TypeSlot.Of(symbol);
        if (symbol.DeclaringSyntaxReferences is [var reference] && _context.Parts.Any(part => part.Declaration.SyntaxTree == reference.SyntaxTree)
            && reference.GetSyntax(_context.Cancellation) is var declaration && Stays(declaration, type))
        {
            _constraints.Add(TypeConstraint.Stays(slot, declaration, ""));
        }
        else if (symbol is not ILocalSymbol)
        {
            _constraints.Add(TypeConstraint.Changes(slot));
        }

        if (_types.MentionsOwn(type))
        {
            _constraints.Add(TypeConstraint.Changes(slot));
            _constraints.Add(TypeConstraint.Same(slot, TypeSlot.Own));
        }

        return slot;
    }

    /// <summary>A lambda's results and a method's are one slot: that of the symbol.</summary>
    private TypeSlot? FunctionSlot(IMethodSymbol function)
        => _types.MentionsReplaced(function.ReturnType) ? TypeSlot.Of(function) : _types.MentionsOwn(function.ReturnType) ? TypeSlot.Own : null;

    private TypeSlot? ReturnSlot(IReturnOperation statement)
    {
        for (IOperation? at = statement.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case IAnonymousFunctionOperation lambda: return FunctionSlot(lambda.Symbol);
                case ILocalFunctionOperation function: return Slot(function.Symbol);
            }
        }

        return _context.ModelOf(statement.Syntax).GetEnclosingSymbol(statement.Syntax.SpanStart, _context.Cancellation) is IMethodSymbol method
            ? Slot(method.AssociatedSymbol ?? method)
            : null;
    }

    private TypeSlot? Declared(SyntaxNode node) => Slot(_context.ModelOf(node).GetDeclaredSymbol(node, _context.Cancellation));
}
