using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <content>What overrides or implements something.</content>
internal sealed partial class TypeConstraintReader
{
    /// <summary>What overrides or implements something of code that does not change keeps its signature.</summary>
    private void ReadContracts(ClassText text)
    {
        foreach (ISymbol member in text.Symbol.GetMembers())
        {
            ISymbol? contract = member switch
            {
                IMethodSymbol { OverriddenMethod: { } method } => method,
                IPropertySymbol { OverriddenProperty: { } property } => property,
                IMethodSymbol or IPropertySymbol => text.Symbol.AllInterfaces.Where(type => !_context.IsInside(type)).SelectMany(type => type.GetMembers())
                    .FirstOrDefault(wanted => KnownSymbols.Same(text.Symbol.FindImplementationForInterfaceMember(wanted), member)),
                _ => null,
            };
            if (contract is null || member is IMethodSymbol { AssociatedSymbol: not null } || member.DeclaringSyntaxReferences is not [var reference])
            {
                continue;
            }

            SyntaxNode place = reference.GetSyntax(_context.Cancellation) switch
            {
                MethodDeclarationSyntax method => method.ReturnType,
                BasePropertyDeclarationSyntax property => property.Type,
                SyntaxNode other => other,
            };
            Agree(member, contract, place);
            foreach ((IParameterSymbol mine, IParameterSymbol theirs) in Parameters(member).Zip(Parameters(contract), (a, b) => (a, b)))
            {
                Agree(mine, theirs, place);
            }
        }
    }

    private void Agree(ISymbol mine, ISymbol theirs, SyntaxNode place)
    {
        ISymbol definition = theirs.OriginalDefinition;
        ISymbol owner = definition is IParameterSymbol ? definition.ContainingSymbol : definition;
        if (IsOfText(owner))
        {
            Join(Slot(mine), Slot(definition), place);
        }
        else if (!_types.Changes(SlotOwners.TypeOf(definition)) && _types.Changes(SlotOwners.TypeOf(theirs)) && Slot(mine) is { } slot)
        {
            // Of a type argument in the list of bases, which cannot stay.
            string reason = $"'{owner.ContainingType.Name}.{owner.Name}' is of the type that the list of bases names";
            _constraints.Add(TypeConstraint.CannotStay(slot, place, reason));
        }
        else if (_types.Changes(SlotOwners.TypeOf(definition)) && !IsOfSibling(owner))
        {
            Fix(Slot(mine), place, $"'{owner.ContainingType.Name}.{owner.Name}' prescribes '{SlotOwners.TypeOf(definition)!.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'");
        }
    }

    private static ImmutableArray<IParameterSymbol> Parameters(ISymbol member)
        => member is IMethodSymbol method ? method.Parameters : ((member as IPropertySymbol)?.Parameters ?? []);
}
