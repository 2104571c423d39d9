using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// Tensors that a method changes in place, themselves or through a view: <c>y.div_(8)</c>, <c>y[.., ..2] *= 8</c>, <c>y[0] = z</c>. A quantizer gives a copy,
/// and what is changed in that is lost.
/// </summary>
internal sealed class ChangedTensors(KnownSymbols known)
{
    private readonly Dictionary<IOperation, HashSet<ISymbol>> _ofBodies = [];

    /// <summary>Whether the tensor that an expression is, or is a view of, is changed anywhere in its method.</summary>
    public bool Contain(IOperation tensor)
    {
        if (Variable(tensor) is not { } variable)
        {
            return IsChanged(tensor);
        }

        IOperation body = tensor;
        while (body.Parent is { } parent)
        {
            body = parent;
        }

        if (!_ofBodies.TryGetValue(body, out HashSet<ISymbol> changed))
        {
            _ofBodies.Add(body, changed = Read(body));
        }

        return changed.Contains(variable);
    }

    private HashSet<ISymbol> Read(IOperation body)
    {
        HashSet<ISymbol> changed = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in body.DescendantsAndSelf())
        {
            if (Changed(operation) is { } tensor && Variable(tensor) is { } variable)
            {
                changed.Add(variable);
                changed.UnionWith(SharedTensor.HoldersOf(Plain(tensor)));
            }
        }

        return changed;
    }

    /// <summary>Whether an expression without a variable is what a change is made to, as in <c>conv.call(x).div_(8)</c>.</summary>
    private bool IsChanged(IOperation tensor) => tensor.Parent is { } parent && Changed(parent) is { } changed && Plain(changed) == Plain(tensor);

    /// <summary>What an operation changes; <see langword="null"/> where it changes nothing.</summary>
    private IOperation? Changed(IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance } call when known.IsTensor(instance.Type) && InPlace.IsNamedSo(call.TargetMethod) => instance,
        IInvocationOperation { Arguments: [{ Value: var first }, ..] } call when known.IsTensor(first.Type) && InPlace.IsPossible(call) => first,
        IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } instance, Property.IsIndexer: true } } when known.IsTensor(instance.Type) => instance,
        _ => null,
    };

    private ISymbol? Variable(IOperation tensor) => FlowReader.Root(Plain(tensor));

    /// <summary>The tensor that an expression is a view of.</summary>
    private IOperation Plain(IOperation tensor)
    {
        while (true)
        {
            switch (tensor)
            {
                case IConversionOperation conversion: tensor = conversion.Operand; break;
                case IParenthesizedOperation parenthesized: tensor = parenthesized.Operand; break;
                case IInvocationOperation { Instance: { } instance, TargetMethod.Name: var name } when known.IsTensor(instance.Type) && TorchOperations.Of(name).IsView: tensor = instance; break;
                case IPropertyReferenceOperation { Instance: { } instance } property when known.IsTensor(instance.Type) && (property.Property.IsIndexer || TorchOperations.Of(property.Property.Name).IsView): tensor = instance; break;
                default: return tensor;
            }
        }
    }
}
