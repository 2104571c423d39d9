using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>To which slot a value, a symbol or a name belongs.</content>
internal sealed partial class TypeAgreement
{
    /// <summary>The slot of a value whose type changes; <see langword="null"/> for all others.</summary>
    private object? ValueSlot(IOperation? value)
    {
        if (value is null)
        {
            return null;
        }

        value = Plain(value);
        if (value is IAnonymousFunctionOperation lambda)
        {
            return FunctionSlot(lambda.Symbol);
        }

        if (!_types.Changes(value.Type))
        {
            return null;
        }

        switch (value)
        {
            case ILocalReferenceOperation local: return Slot(local.Local);
            case IParameterReferenceOperation parameter: return Slot(parameter.Parameter);
            case IDeclarationExpressionOperation declaration: return ValueSlot(declaration.Expression);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }: return TypeSlots.Own;
            case IFieldReferenceOperation { Field.ContainingType.IsTupleType: true } field: return ValueSlot(field.Instance);
            case IMemberReferenceOperation reference: return MemberSlot(reference);
            case IInvocationOperation call: return CallSlot(call);
            default: return Expression(value, value.ChildOperations);
        }
    }

    private object MemberSlot(IMemberReferenceOperation reference)
    {
        ISymbol member = reference.Member.OriginalDefinition;
        if (reference is IMethodReferenceOperation)
        {
            return Outside(reference, $"'{member.Name}' is handed on as a delegate");
        }

        if (IsOfText(member) || IsOfSibling(member))
        {
            return Slot(member)!;
        }

        return _types.Changes(TypeOf(member))
            ? Outside(reference, $"'{member.ContainingType.Name}.{member.Name}' does not change")
            : Expression(reference, reference.Instance is { } instance ? [instance] : []);
    }

    private object CallSlot(IInvocationOperation call)
    {
        IMethodSymbol method = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return ValueSlot(call.Instance) ?? Outside(call, "what the delegate gives does not change");
        }

        if (IsOfText(method) || IsOfSibling(method))
        {
            return Slot(method) ?? Expression(call, []);
        }

        if (FactoryRewriter.IsQuantized(call, _context, out _, out _) || _boundary.GivesLayer(call))
        {
            return Expression(call, []);
        }

        return _types.Changes(method.ReturnType)
            ? Outside(call, _context.IsFullPrecision(call.Syntax) ? "" : $"'{method.ContainingType.Name}.{method.Name}' gives '{method.ReturnType.Name}'")
            : Expression(call, call.Arguments.Select(argument => argument.Value).Concat(call.Instance is { } instance && IsOfInstance(method.ReturnType) ? [instance] : []));
    }

    /// <summary>Whether a declared type has a type parameter of its class, not of its method alone.</summary>
    private static bool IsOfInstance(ITypeSymbol declared) => declared switch
    {
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type,
        IArrayTypeSymbol array => IsOfInstance(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsOfInstance),
        _ => false,
    };

    private SyntaxNode Outside(IOperation value, string reason)
    {
        _slots.Fix(value.Syntax, value.Syntax, reason);
        return value.Syntax;
    }

    /// <summary>An expression has the type of its parts.</summary>
    private SyntaxNode Expression(IOperation value, IEnumerable<IOperation> parts)
    {
        if (Stays(value.Syntax, value.Type))
        {
            _slots.Fix(value.Syntax, value.Syntax, "");
        }
        else if (value is IInvocationOperation or IObjectCreationOperation or IArrayCreationOperation)
        {
            _slots.MarkChanging(value.Syntax);
        }

        if (_types.MentionsOwn(value.Type))
        {
            _slots.Join(value.Syntax, TypeSlots.Own);
        }

        foreach (IOperation part in parts)
        {
            if (ValueSlot(part) is { } slot)
            {
                _slots.Join(value.Syntax, slot);
            }
        }

        return value.Syntax;
    }

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
    private object? FunctionSlot(IMethodSymbol function) => _types.Changes(function.ReturnType) ? function : null;

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

    /// <summary>Whether a place keeps its type because the user says so, or does not ask for another.</summary>
    private bool Stays(SyntaxNode place, ITypeSymbol? type)
        => _context.IsFullPrecision(place) || (_types.IsOnRequest(type) && _context.Request(place) is null);

    private void Join(object? a, object? b, SyntaxNode place)
    {
        if (a is null || b is null)
        {
            return;
        }

        // Where the two meet is where the user sees that one holds the other back.
        if (_slots.IsFixed(a) != _slots.IsFixed(b) && !_context.IsFullPrecision(place))
        {
            _slots.Fix(_slots.IsFixed(a) ? a : b, place, Meeting);
        }

        _slots.Join(a, b);
    }

    private void Fix(object? slot, SyntaxNode place, string reason)
    {
        if (slot is not null)
        {
            _slots.Fix(slot, place, reason);
        }
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
            DeclarationPatternSyntax pattern => Symbol(pattern.Designation),
            RecursivePatternSyntax { Designation: { } designation } => Symbol(designation),
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
        IMethodSymbol { PartialDefinitionPart: { } definition } => definition,
        IPropertySymbol { PartialDefinitionPart: { } definition } => definition,
        IParameterSymbol { ContainingSymbol: IMethodSymbol { PartialDefinitionPart: { } definition } } parameter => definition.Parameters[parameter.Ordinal],
        ISymbol other => other,
        null => null,
    };

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    private bool IsOfText(ISymbol? symbol)
        => symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction }
            || (symbol?.ContainingType is { } type && _context.IsInside(type));

    private bool IsOfSibling(ISymbol? symbol) => symbol?.ContainingType is { } type && _types.IsSibling(type) && !_context.Known.IsFullPrecision(symbol);

    /// <summary>The value without conversions that keep to types that change.</summary>
    private static IOperation Plain(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion: value = conversion.Operand; break;
                case IParenthesizedOperation parenthesized: value = parenthesized.Operand; break;
                case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }: return lambda;
                default: return value;
            }
        }
    }
}
