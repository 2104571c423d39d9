using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>To which slot a value belongs.</content>
internal sealed partial class TypeConstraintReader
{
    /// <summary>The slot of a value whose type changes; <see langword="null"/> for all others.</summary>
    private TypeSlot? ValueSlot(IOperation? value)
    {
        if (value is null)
        {
            return null;
        }

        IOperation given = value;
        value = Plain(value);
        if (value is IAnonymousFunctionOperation lambda)
        {
            return FunctionSlot(lambda.Symbol);
        }

        if (Entering(given) is { } source)
        {
            return Outside(source.Place, $"'{source.Type.Name}' does not change");
        }

        if (!_types.Changes(value.Type))
        {
            return null;
        }

        switch (value)
        {
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.PatternInput }: return PatternInputSlot(value);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }: return ReceiverSlot(value);
            case IConditionalAccessInstanceOperation: return ConditionalInstanceSlot(value);
            case IConditionalAccessOperation access: return ValueSlot(access.WhenNotNull);
            case IWithOperation with: return ValueSlot(with.Operand);
            case IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method } } made: return MethodSlot(made, (method.ReducedFrom ?? method).OriginalDefinition);
            case IArrayCreationOperation array: return Expression(array, Elements(array.Initializer));
            case IObjectCreationOperation creation: return Expression(creation, []);
            case ISwitchExpressionOperation choice: return Expression(choice, choice.Arms.Select(arm => arm.Value));
            case ILocalReferenceOperation local: return Slot(local.Local);
            case IParameterReferenceOperation parameter: return Slot(parameter.Parameter);
            case IDeclarationExpressionOperation declaration: return ValueSlot(declaration.Expression);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }: return TypeSlot.Own;
            case IFieldReferenceOperation { Field.ContainingType.IsTupleType: true } field: return ValueSlot(field.Instance);
            case IMemberReferenceOperation reference: return MemberSlot(reference);
            case IInvocationOperation call: return CallSlot(call);
            default: return Expression(value, value.ChildOperations);
        }
    }

    private TypeSlot? MemberSlot(IMemberReferenceOperation reference)
    {
        ISymbol member = reference.Member.OriginalDefinition;
        if (member.ContainingType.IsAnonymousType)
        {
            return Slot(member);
        }

        if (IsOfText(member) || IsOfSibling(member))
        {
            return Slot(member);
        }

        if (IsOfInstance(SlotOwners.TypeOf(member)) && StableType(reference.Instance) is { } type)
        {
            return Outside(reference, $"'{type.Name}' does not change");
        }

        return _types.Changes(SlotOwners.TypeOf(member))
            ? Outside(reference, $"'{member.ContainingType.Name}.{member.Name}' does not change")
            : Expression(reference, [], reference.Instance);
    }

    private TypeSlot CallSlot(IInvocationOperation call)
    {
        IMethodSymbol method = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return ValueSlot(call.Instance) ?? Outside(call, "what the delegate gives does not change");
        }

        if (IsOfText(method) || IsOfSibling(method))
        {
            return Slot(method) ?? Generic(call, method);
        }

        if (FactoryRewriter.IsQuantized(call, _context, out _, out _) || _boundary.GivesLayer(call))
        {
            return Expression(call, []);
        }

        if (IsOfInstance(method.ReturnType) && StableType(call.Instance) is { } type)
        {
            return Outside(call, $"'{type.Name}' does not change");
        }

        return _types.Changes(method.ReturnType)
            ? Outside(call, _context.IsFullPrecision(call.Syntax) ? "" : $"'{method.ContainingType.Name}.{method.Name}' gives '{method.ReturnType.Name}'")
            : Generic(call, method);
    }

    /// <summary>The type of a generic method's result follows from what it gets.</summary>
    private TypeSlot Generic(IInvocationOperation call, IMethodSymbol method)
        => Expression(call, call.Arguments.Select(argument => argument.Value), IsOfInstance(method.ReturnType) ? call.Instance : null);

    /// <summary>Whether a declared type has a type parameter of its class, not of its method alone.</summary>
    private static bool IsOfInstance(ITypeSymbol? declared) => declared switch
    {
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type,
        IArrayTypeSymbol array => IsOfInstance(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsOfInstance),
        _ => false,
    };

    private TypeSlot Outside(IOperation value, string reason)
    {
        TypeSlot slot = TypeSlot.Of(value.Syntax);
        _constraints.Add(TypeConstraint.Stays(slot, value.Syntax, reason));
        return slot;
    }

    /// <summary>An expression has the type of its parts.</summary>
    private TypeSlot Expression(IOperation value, IEnumerable<IOperation> parts, IOperation? instance = null)
    {
        TypeSlot slot = _types.MentionsReplaced(value.Type) ? TypeSlot.Of(value.Syntax) : TypeSlot.Own;
        if (Stays(value.Syntax, value.Type))
        {
            _constraints.Add(TypeConstraint.Stays(slot, value.Syntax, ""));
        }
        else if (value is IInvocationOperation or IObjectCreationOperation or IArrayCreationOperation)
        {
            _constraints.Add(TypeConstraint.Changes(slot));
        }

        if (_types.MentionsOwn(value.Type))
        {
            _constraints.Add(TypeConstraint.Same(slot, TypeSlot.Own));
        }

        if (ValueSlot(instance) is { } whole)
        {
            _constraints.Add(TypeConstraint.Same(slot, whole));
        }

        foreach (IOperation part in parts)
        {
            if (CanMeet(part, value) && ValueSlot(part) is { } other)
            {
                _constraints.Add(TypeConstraint.Same(slot, other));
            }
        }

        return slot;
    }

    /// <summary>Whether a place keeps its type because the user says so, or does not ask for another.</summary>
    private bool Stays(SyntaxNode place, ITypeSymbol? type)
        => _context.IsFullPrecision(place) || (_types.IsOnRequest(type) && _context.Request(place) is null);

    private void Join(TypeSlot? a, TypeSlot? b, SyntaxNode place)
    {
        if (a is { } one && b is { } other)
        {
            // Where the two meet is where the user sees that one holds the other back, unless the user said that it stays.
            _constraints.Add(_context.IsFullPrecision(place) ? TypeConstraint.Same(one, other) : TypeConstraint.Meet(one, other, place));
        }
    }

    private void Fix(TypeSlot? slot, SyntaxNode place, string reason)
    {
        if (slot is { } staying)
        {
            _constraints.Add(TypeConstraint.Stays(staying, place, reason));
        }
    }

    private bool IsOfText(ISymbol? symbol)
        => symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction }
            || (symbol?.ContainingType is { IsAnonymousType: false } type && _context.IsInside(type));

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
                case ISpreadOperation spread: value = spread.Operand; break;
                case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }: return lambda;
                default: return value;
            }
        }
    }
}
