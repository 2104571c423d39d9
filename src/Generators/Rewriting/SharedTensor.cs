using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>Finds what else holds the memory of the tensor in a local: it was set to another variable, or to a view of one.</summary>
internal static class SharedTensor
{
    /// <summary>The variables, fields and properties; none where the tensor is the local's own, or it is no local.</summary>
    public static IEnumerable<ISymbol> HoldersOf(IOperation left)
    {
        if (left is not ILocalReferenceOperation { Local: var local })
        {
            return [];
        }

        IOperation body = left;
        while (body.Parent is { } parent)
        {
            body = parent;
        }

        return body.DescendantsAndSelf().Select(operation => operation switch
        {
            IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when Same(declarator.Symbol, local) => Holder(value),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when Same(target.Local, local) => Holder(assignment.Value),
            _ => null,
        }).OfType<ISymbol>().Where(holder => !Same(holder, local));
    }

    /// <summary>Whether another variable got the tensor of a local, or a view of it, before or after.</summary>
    public static bool IsHeld(IOperation tensor)
    {
        if (tensor is not ILocalReferenceOperation { Local: var local })
        {
            return false;
        }

        IOperation body = tensor;
        while (body.Parent is { } parent)
        {
            body = parent;
        }

        return body.DescendantsAndSelf().Any(operation => operation switch
        {
            IVariableDeclaratorOperation { Initializer.Value: { } value } declarator => !Same(declarator.Symbol, local) && Holder(value) is { } held && Same(held, local),
            ISimpleAssignmentOperation { Target: var target } assignment => !(target is ILocalReferenceOperation other && Same(other.Local, local)) && Holder(assignment.Value) is { } held && Same(held, local),
            _ => false,
        });
    }

    private static ISymbol? Holder(IOperation? value) => value switch
    {
        IConversionOperation conversion => Holder(conversion.Operand),
        IParenthesizedOperation parenthesized => Holder(parenthesized.Operand),
        IConditionalOperation conditional => Holder(conditional.WhenTrue) ?? Holder(conditional.WhenFalse),
        ICoalesceOperation coalesce => Holder(coalesce.Value) ?? Holder(coalesce.WhenNull),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => Holder(element.ArrayReference),
        IPropertyReferenceOperation { Instance: { } instance, Property: { IsIndexer: var isIndexer, Name: var property } } when isIndexer || TorchOperations.Of(property).IsView => Holder(instance),
        IFieldReferenceOperation { Field: { ContainingType.IsTupleType: false } field } => field,
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } => property,
        IInvocationOperation { TargetMethod: { IsStatic: false, Name: var name }, Instance: { } instance } when TorchOperations.Of(name).IsView => Holder(instance),
        _ => null,
    };

    private static bool Same(ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b);
}
