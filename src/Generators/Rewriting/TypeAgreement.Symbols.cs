using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>To which slot a symbol or a name belongs.</content>
internal sealed partial class TypeAgreement
{
    /// <summary>The slot of a symbol whose declared type changes.</summary>
    private object? Slot(ISymbol? symbol)
    {
        symbol = Definition(symbol);
        if (symbol is null || TypeOf(symbol) is not { } type || !_types.Changes(type))
        {
            return null;
        }

        if (symbol.DeclaringSyntaxReferences is [var reference] && _context.Parts.Any(part => part.Declaration.SyntaxTree == reference.SyntaxTree)
            && reference.GetSyntax(_context.Cancellation) is var declaration && Stays(declaration, type))
        {
            _slots.Fix(symbol, declaration, "");
        }
        else if (symbol is not ILocalSymbol)
        {
            _slots.MarkChanging(symbol);
        }

        if (_types.MentionsOwn(type))
        {
            _slots.MarkChanging(symbol);
            _slots.Join(symbol, TypeSlots.Own);
        }

        return symbol;
    }

    /// <summary>A lambda's results and a method's are one slot: that of the symbol.</summary>
    private object? FunctionSlot(IMethodSymbol function)
        => _types.MentionsReplaced(function.ReturnType) ? function : _types.MentionsOwn(function.ReturnType) ? TypeSlots.Own : null;

    private object? ReturnSlot(IReturnOperation statement)
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

    private object? Declared(SyntaxNode node) => Slot(_context.ModelOf(node).GetDeclaredSymbol(node, _context.Cancellation));

    /// <summary>The slot that a name of a type, or a call, is written for.</summary>
    private object? Owner(SyntaxNode node)
    {
        if (node is not TypeSyntax)
        {
            return node;
        }

        SyntaxNode at = node;
        while (at.Parent is TypeSyntax or TypeArgumentListSyntax or TupleElementSyntax or ArrayRankSpecifierSyntax
            || (at.Parent is MemberAccessExpressionSyntax access && access.Name == at))
        {
            at = at.Parent;
        }

        return at.Parent switch
        {
            VariableDeclarationSyntax declaration => Symbol(declaration.Variables[0]),
            DeclarationPatternSyntax { Designation: SingleVariableDesignationSyntax designation } => Symbol(designation),
            RecursivePatternSyntax { Designation: SingleVariableDesignationSyntax designation } => Symbol(designation),
            PatternSyntax pattern => pattern,
            DeclarationExpressionSyntax declaration => Symbol(declaration.Designation),
            ForEachStatementSyntax or ParameterSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or BasePropertyDeclarationSyntax => Symbol(at.Parent),
            ExpressionSyntax expression => expression,
            _ => null,
        };
    }

    private object? Symbol(SyntaxNode declaration) => Definition(_context.ModelOf(declaration).GetDeclaredSymbol(declaration, _context.Cancellation));

    /// <summary>What a symbol is constructed from, and of the two declarations of a partial method the first.</summary>
    private static ISymbol? Definition(ISymbol? symbol) => symbol?.OriginalDefinition switch
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

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };
}
