using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <summary>Which operations change the tensor that they are given, instead of giving a new one.</summary>
internal static class InPlace
{
    /// <summary>Whether a method does so by its name, as <c>add_</c>.</summary>
    public static bool IsNamedSo(IMethodSymbol method) => method.Name.Length > 1 && method.Name[method.Name.Length - 1] == '_';

    /// <summary>Whether a function can be told to, as <c>relu(x, inplace: true)</c>.</summary>
    public static bool CanBeAsked(IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Name == "inplace");

    /// <summary>Whether a call does so in any case.</summary>
    public static bool IsCertain(IInvocationOperation call)
        => IsNamedSo(call.TargetMethod) || call.Arguments.Any(argument => argument is { Parameter.Name: "inplace", Value.ConstantValue: { HasValue: true, Value: true } });

    /// <summary>Whether a call may do so: a variable decides, or it is certain.</summary>
    public static bool IsPossible(IInvocationOperation call)
        => IsNamedSo(call.TargetMethod) || call.Arguments.Any(argument => argument is { Parameter.Name: "inplace", Value.ConstantValue: not { HasValue: true, Value: false } });
}
