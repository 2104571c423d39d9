using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Of which slot a name of a type in the text is the type.</summary>
internal static class SlotOwners
{
    /// <summary>The slot that a name of a type, or a call, is written for.</summary>
    public static TypeSlot? Of(SyntaxNode node, RewriteContext context)
    {
        if (node is not TypeSyntax)
        {
            return TypeSlot.Of(node);
        }

        SyntaxNode at = node;
        while (at.Parent is TypeSyntax or TypeArgumentListSyntax or TupleElementSyntax or ArrayRankSpecifierSyntax
            || (at.Parent is MemberAccessExpressionSyntax access && access.Name == at))
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            VariableDeclarationSyntax declaration => Declared(declaration.Variables[0], context),
            DeclarationPatternSyntax { Designation: SingleVariableDesignationSyntax designation } => Declared(designation, context),
            RecursivePatternSyntax { Designation: SingleVariableDesignationSyntax designation } => Declared(designation, context),
            PatternSyntax pattern => TypeSlot.Of(pattern),
            DeclarationExpressionSyntax declaration => Declared(declaration.Designation, context),
            ForEachStatementSyntax or ParameterSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or BasePropertyDeclarationSyntax => Declared(at.Parent, context),
            ExpressionSyntax expression => TypeSlot.Of(expression),
            _ => null,
        };
    }

    private static TypeSlot? Declared(SyntaxNode declaration, RewriteContext context)
        => Definition(context.ModelOf(declaration).GetDeclaredSymbol(declaration, context.Cancellation)) is { } symbol ? TypeSlot.Of(symbol) : null;

    /// <summary>What a symbol is constructed from, and of the two declarations of a partial method the first.</summary>
    public static ISymbol? Definition(ISymbol? symbol) => symbol?.OriginalDefinition switch
    {
        // Of a record, one name of a type stands for a parameter, a property and what it is deconstructed into.
        IPropertySymbol { ContainingType: { IsRecord: true } record, DeclaringSyntaxReferences: [var own] } property
            when PrimaryParameter(record, property.Name) is { } primary && primary.DeclaringSyntaxReferences[0].Span == own.Span => primary,
        IParameterSymbol { ContainingSymbol: IMethodSymbol { IsImplicitlyDeclared: true, Name: "Deconstruct", ContainingType: { IsRecord: true } record } } part
            => PrimaryParameter(record, part.Name) ?? (ISymbol)part,
        IMethodSymbol { PartialDefinitionPart: { } definition } => definition,
        IPropertySymbol { PartialDefinitionPart: { } definition } => definition,
        IParameterSymbol { ContainingSymbol: IMethodSymbol { PartialDefinitionPart: { } definition } } parameter => definition.Parameters[parameter.Ordinal],
        ISymbol other => other,
        null => null,
    };

    private static IParameterSymbol? PrimaryParameter(INamedTypeSymbol record, string name)
        => record.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .FirstOrDefault(parameter => parameter.Name == name && parameter.DeclaringSyntaxReferences is [var declared] && declared.GetSyntax().Parent?.Parent is RecordDeclarationSyntax);

    /// <summary>The declared type of what can have one.</summary>
    public static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };
}
