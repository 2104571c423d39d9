using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>Finds the tensors that a call of a function of torch, or of a method of <c>Tensor</c>, works on.</summary>
internal static class TensorOperands
{
    /// <summary>Two tensors, or nothing where one of them is a scalar.</summary>
    /// <param name="call">The call; named arguments may come in any order.</param>
    /// <param name="receiver">The tensor whose method it is; <see langword="null"/> for a function.</param>
    /// <param name="known">TorchSharp's symbols.</param>
    public static (IOperation First, IOperation Second)? Two(IInvocationOperation call, IOperation? receiver, KnownSymbols known)
        => First(call, 2, receiver, known) is [var first, var second] ? (first, second) : null;

    /// <summary>The operands of an operation, or nothing where one of them is missing or no tensor.</summary>
    public static IReadOnlyList<IOperation>? Of(IInvocationOperation call, FunctionalOperation operation, IOperation? receiver, KnownSymbols known)
        => operation.Name != "einsum" ? First(call, operation.OperandCount, receiver, known)
            : Elements(call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value) is { Count: 2 } elements && elements.All(element => IsTensor(element, known)) ? elements
            : null;

    /// <summary>Whether an einsum has one tensor, so that it multiplies nothing.</summary>
    public static bool IsOfOne(IInvocationOperation call)
        => call.TargetMethod.Name == "einsum" && Elements(call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value) is { Count: 1 };

    /// <summary>The tensors that a call takes in a collection, and the lists of tensors.</summary>
    public static IReadOnlyList<IOperation> Parts(IInvocationOperation call)
    {
        IOperation? collection = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
        while (collection is IConversionOperation conversion)
        {
            collection = conversion.Operand;
        }

        return collection is null ? [] : Elements(collection) ?? [collection];
    }

    /// <summary>The elements of a collection that is written out; one that it takes from another is that other.</summary>
    public static IReadOnlyList<IOperation>? Elements(IOperation? collection) => collection switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        ICollectionExpressionOperation expression => [.. expression.Elements.Select(element => element is ISpreadOperation spread ? spread.Operand : element)],
        IObjectCreationOperation { Arguments.IsEmpty: true, Initializer.Initializers: var added } when !added.IsEmpty && added.All(IsAdded) => [.. added.Select(call => ((IInvocationOperation)call).Arguments[0].Value)],
        _ => null,
    };

    private static bool IsAdded(IOperation initializer) => initializer is IInvocationOperation { TargetMethod.Name: "Add", Arguments.Length: 1 };

    /// <summary>As many tensors as wanted, or nothing where one of them is missing or no tensor.</summary>
    public static IReadOnlyList<IOperation>? First(IInvocationOperation call, int count, IOperation? receiver, KnownSymbols known)
    {
        List<IOperation> operands = receiver is null ? [] : [receiver];
        for (int ordinal = 0; operands.Count < count; ordinal++)
        {
            if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal)?.Value is not { } value || !IsTensor(value, known))
            {
                return null;
            }

            operands.Add(value);
        }

        return operands;
    }

    /// <summary>Whether a value is a tensor before any conversion: a number that becomes one is none.</summary>
    private static bool IsTensor(IOperation value, KnownSymbols known)
        => known.IsTensor(value.Type) && (value is not IConversionOperation { OperatorMethod: not null } conversion || known.IsTensor(conversion.Operand.Type));
}
