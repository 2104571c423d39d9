using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>Whether what an operation gives is proven not to be negative, by what is proven of its operands.</summary>
internal static class SignRules
{
    /// <summary>Of a constant.</summary>
    public static bool OfConstant(object? value) => value switch
    {
        int number => number >= 0,
        long number => number >= 0,
        float number => number >= 0,
        double number => number >= 0,
        _ => false,
    };

    /// <summary>Of a sum, a product or another binary operation.</summary>
    public static bool OfBinary(BinaryOperatorKind kind, bool left, bool right)
        => kind is BinaryOperatorKind.Add or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide && left && right;

    /// <summary>Of a function of torch, or a method of a tensor.</summary>
    /// <param name="call">Its call.</param>
    /// <param name="onTensor">Whether it is a method of a tensor.</param>
    /// <param name="receiver">Whether that tensor is not negative.</param>
    /// <param name="isNonNegative">Whether an argument is not.</param>
    /// <param name="known">TorchSharp's symbols.</param>
    public static bool OfCall(IInvocationOperation call, bool onTensor, bool receiver, Func<IOperation, bool> isNonNegative, KnownSymbols known)
    {
        TorchOperation operation = TorchOperations.Of(call.TargetMethod.Name);
        List<IArgumentOperation> given = [.. call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && IsValue(argument.Parameter, known))];
        bool AreNonNegative(IEnumerable<IArgumentOperation> arguments) => arguments.All(argument => isNonNegative(argument.Value));
        if (operation.Clamps)
        {
            IEnumerable<IArgumentOperation> bounds = given.Where(argument => onTensor || argument.Parameter!.Ordinal > 0);
            return bounds.Any(argument => argument.Parameter!.Name == "min") && AreNonNegative(bounds);
        }

        return operation.Combines ? (!onTensor || receiver) && AreNonNegative(given) : operation.Sign switch
        {
            SignEffect.Establishes => true,
            SignEffect.Preserves => onTensor ? receiver : AreNonNegative(given.Where(argument => argument.Parameter!.Ordinal == 0)) && given.Count > 0,
            _ => false,
        };
    }

    /// <summary>Whether a parameter takes numbers to compute with, not sizes or dimensions.</summary>
    private static bool IsValue(IParameterSymbol? parameter, KnownSymbols known)
        => parameter is { Type: { } type } && (known.IsTensor(type) || type.Name == "Scalar" || ElementOf(type) is { } element && known.IsTensor(element));

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element] } => element,
        _ => null,
    };
}
