using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>What is given to calls and collections, and what comes out of them.</content>
internal sealed partial class TypeConstraintReader
{
    private void Argue(IArgumentOperation argument, IParameterSymbol parameter)
    {
        if (!_types.Changes(parameter.Type))
        {
            return;
        }

        (ISymbol taker, ITypeSymbol declared) = (parameter.ContainingSymbol, parameter.OriginalDefinition.Type);
        IOperation? instance = (argument.Parent as IInvocationOperation)?.Instance ?? (argument.Parent as IMemberReferenceOperation)?.Instance;
        if (taker is IMethodSymbol { MethodKind: MethodKind.DelegateInvoke } && StableType(instance) is null)
        {
            Give(argument.Value, ValueSlot(instance));
        }
        else if (IsOfText(taker) && Slot(parameter.OriginalDefinition) is { } slot)
        {
            Give(argument.Value, slot);
        }
        else if (_types.Changes(declared) && !IsOfSibling(taker))
        {
            FixValue(argument.Value, Takes(taker.ContainingType, taker, declared));
        }
        else if (IsOfInstance(declared) && StableType(instance) is { } type)
        {
            FixValue(argument.Value, Takes(type, taker, parameter.Type));
        }
        else
        {
            GiveGeneric(argument, instance, parameter);
        }
    }

    /// <summary>What a generic method gets goes with the method's class or with the call, of a lambda each parameter by itself.</summary>
    private void GiveGeneric(IArgumentOperation argument, IOperation? instance, IParameterSymbol parameter)
    {
        ITypeSymbol declared = parameter.OriginalDefinition.Type;
        if (Plain(argument.Value) is not IAnonymousFunctionOperation { Symbol: var lambda } || declared is not INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
        {
            Give(argument.Value, TakerSlot(argument.Parent, instance, parameter.Type, declared));
            return;
        }

        foreach (IParameterSymbol mine in LambdaParameters(argument.Value))
        {
            Join(Slot(mine), TakerSlot(argument.Parent, instance, mine.Type, invoke.Parameters[mine.Ordinal].Type), argument.Syntax);
        }

        if (_types.MentionsReplaced(lambda.ReturnType))
        {
            Join(FunctionSlot(lambda), TakerSlot(argument.Parent, instance, lambda.ReturnType, invoke.ReturnType), argument.Syntax);
        }
    }

    /// <summary>
    /// What a generic method gets has the type of what it is called on, as for <c>List&lt;Conv2d&gt;.Add</c>, or is of a type argument of the call.
    /// </summary>
    private TypeSlot? TakerSlot(IOperation? call, IOperation? instance, ITypeSymbol given, ITypeSymbol declared)
    {
        if (IsOfInstance(declared) && instance is not null)
        {
            return ValueSlot(instance);
        }

        bool isReplaced = _types.MentionsReplaced(given);
        TypeSlot? slot = (isReplaced ? _types.MentionsReplaced(call?.Type) : _types.MentionsOwn(call?.Type)) ? ValueSlot(call) : null;
        return slot ?? (call is null ? null : isReplaced ? TypeSlot.Of(call.Syntax) : TypeSlot.OfOwnArgument(call.Syntax));
    }

    private static string Takes(ITypeSymbol? type, ISymbol taker, ITypeSymbol taken)
        => $"'{type?.Name}.{taker.Name}' takes '{taken.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'";

    private void Loop(IForEachLoopOperation loop)
    {
        bool isFixed = StableType(loop.Collection) is not null && loop.Syntax is CommonForEachStatementSyntax statement
            && _types.Changes(_context.ModelOf(statement).GetForEachStatementInfo(statement).ElementType);
        if (loop.LoopControlVariable is not IVariableDeclaratorOperation item)
        {
            Deconstruct(loop.LoopControlVariable, loop.Collection);
        }
        else if (isFixed)
        {
            Fix(Slot(item.Symbol), loop.Collection.Syntax, $"'{StableType(loop.Collection)!.Name}' does not change");
        }
        else
        {
            Give(loop.Collection, Slot(item.Symbol));
        }
    }

    private void Deconstruct(IOperation target, IOperation value)
    {
        (target, value) = (target is IDeclarationExpressionOperation declaration ? declaration.Expression : target, Plain(value));
        if (target is not ITupleOperation targets)
        {
            Give(value, ValueSlot(target));
            return;
        }

        IMethodSymbol? method = value.Type?.GetMembers("Deconstruct").OfType<IMethodSymbol>().FirstOrDefault(found => found.Parameters.Length == targets.Elements.Length);
        for (int i = 0; i < targets.Elements.Length; i++)
        {
            if (method is not null && IsOfText(method))
            {
                Join(Slot(method.Parameters[i]), targets.Elements[i] is ITupleOperation ? null : ValueSlot(targets.Elements[i]), value.Syntax);
            }
            else
            {
                Deconstruct(targets.Elements[i], value is ITupleOperation values && values.Elements.Length > i ? values.Elements[i] : value);
            }
        }
    }

    /// <summary>A collection that stays the same takes elements of types that would change.</summary>
    private void Collect(ICollectionExpressionOperation collection)
    {
        foreach (IOperation element in collection.Elements)
        {
            if (element is ISpreadOperation spread ? _types.Changes(spread.ElementType) && spread.ElementConversion.IsIdentity : _types.Changes(element.Type))
            {
                FixValue(element, $"'{collection.Type!.Name}' does not change");
            }
        }
    }

    /// <summary>A delegate that stays the same takes and gives what its type says.</summary>
    private void Delegate(IDelegateCreationOperation creation)
    {
        string reason = $"'{creation.Type!.Name}' does not change";
        FixValue(creation.Target, reason);
        if (creation.Target is IMethodReferenceOperation { Method: var method } && IsOfText(method))
        {
            foreach (ISymbol part in method.Parameters.Append<ISymbol>(method))
            {
                Fix(Slot(part), creation.Syntax, reason);
            }
        }
    }

    /// <summary>The slot of a method as a delegate, which goes with all that the method takes and gives.</summary>
    private TypeSlot MethodSlot(IDelegateCreationOperation creation, IMethodSymbol method)
    {
        TypeSlot slot = Expression(creation, []);
        foreach (ISymbol part in method.Parameters.Append<ISymbol>(method).Where(part => _types.MentionsReplaced(SlotOwners.TypeOf(part))))
        {
            if (IsOfText(method) || IsOfSibling(method))
            {
                Join(Slot(part), slot, creation.Syntax);
            }
            else
            {
                Fix(slot, creation.Syntax, $"'{method.Name}' is handed on as a delegate");
            }
        }

        return slot;
    }

    /// <summary>The type of what a member is of, where that does not change, whatever the types of its members.</summary>
    private ITypeSymbol? StableType(IOperation? instance)
        => instance is not null && Plain(instance).Type is { IsAnonymousType: false } type && _types.IsStable(type) ? type : null;

    /// <summary>
    /// A value that does not change where it is used as one of a type that does: a <c>class Layers : List&lt;Linear&gt;</c> as
    /// <c>IEnumerable&lt;Linear&gt;</c>.
    /// </summary>
    private (IOperation Place, ITypeSymbol Type)? Entering(IOperation value)
    {
        IOperation place = Plain(value);
        (ITypeSymbol? wanted, IOperation source) = place is IConversionOperation upcast && KeepsIdentity(upcast) ? (upcast.Type, Plain(upcast.Operand))
            : value is ISpreadOperation spread ? (spread.ElementType, place)
            : (value is IConversionOperation conversion && KeepsIdentity(conversion) ? conversion.Type : null, place);
        return _types.Changes(wanted) && _types.IsStable(source.Type) ? (place, source.Type!) : null;
    }

    private static bool KeepsIdentity(IConversionOperation conversion)
        => conversion is { OperatorMethod: null, Operand.Type: { } from, Type: { } to } && conversion.GetConversion() is { IsReference: true } or { IsBoxing: true }
            && conversion.SemanticModel?.Compilation.ClassifyCommonConversion(from, to) is { IsImplicit: true };

    /// <summary>Whether the type of a whole follows from that of a part.</summary>
    private bool CanMeet(IOperation part, IOperation whole)
        => _types.CanMeet(Plain(part) is IAnonymousFunctionOperation lambda ? lambda.Symbol.ReturnType : part is ISpreadOperation spread ? spread.ElementType : part.Type, whole.Type);

    /// <summary>The slot of what an initializer in braces fills.</summary>
    private TypeSlot? ReceiverSlot(IOperation receiver)
    {
        IOperation? at = receiver.Parent;
        while (at is not (null or IObjectOrCollectionInitializerOperation))
        {
            at = at.Parent;
        }

        return ValueSlot(at?.Parent is IMemberInitializerOperation member ? member.InitializedMember : at?.Parent);
    }

    /// <summary>The slot of what stands before <c>?.</c>.</summary>
    private TypeSlot? ConditionalInstanceSlot(IOperation instance)
    {
        IOperation at = instance;
        while (at.Parent is { } parent && !(parent is IConditionalAccessOperation access && access.WhenNotNull == at))
        {
            at = parent;
        }

        return ValueSlot((at.Parent as IConditionalAccessOperation)?.Operation);
    }

    /// <summary>The elements of an array, whose initializer has one of its own for each row.</summary>
    private static IEnumerable<IOperation> Elements(IArrayInitializerOperation? initializer)
        => initializer?.ElementValues.SelectMany(element => element is IArrayInitializerOperation row ? Elements(row) : [element]) ?? [];
}
