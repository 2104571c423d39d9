using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Tracing;

/// <summary>Tells which values of a method are traced when it is printed once more; the others stay tensors and become constants.</summary>
/// <param name="known">TorchSharp's symbols.</param>
/// <param name="types">What becomes of the types.</param>
internal sealed class TracedValues(KnownSymbols known, TracedTypes types)
{
    /// <summary>Whether a value that mentions <c>Tensor</c> is a traced one.</summary>
    public bool IsTraced(IOperation? value)
    {
        switch (value)
        {
            case null:
                return false;

            case ILocalReferenceOperation local:
                return types.Mentions(local.Local.Type);

            // Those of the method, its local functions and lambdas; those of a primary constructor stay what they are.
            case IParameterReferenceOperation parameter:
                return types.Mentions(parameter.Parameter.Type) && parameter.Parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.Constructor };

            case IFieldReferenceOperation { Instance: { } tuple } field when tuple.Type?.IsTupleType == true:
                return IsTraced(tuple) && types.Mentions(field.Type);

            case IFieldReferenceOperation:
                return false;

            // That of a collection initializer.
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }:
                return types.Mentions(value.Type);

            case IArrayElementReferenceOperation element:
                return IsTraced(element.ArrayReference);

            case IConditionalAccessInstanceOperation instance:
                return IsTraced(ConditionalAccess.Receiver(instance));

            case IPropertyReferenceOperation property:
                return known.IsTensor(property.Instance?.Type) || IsLocalHolder(property.Instance) ? IsTraced(property.Instance) : false;

            case IInvocationOperation call:
                return types.Mentions(call.Type) && (call.TargetMethod.MethodKind is MethodKind.DelegateInvoke or MethodKind.LocalFunction
                    || IsTraced(call.Instance)
                    || call.Arguments.Any(argument => IsTraced(argument.Value)));

            // Their types are written out, or they are given to a parameter that is renamed.
            case IObjectCreationOperation { Type: { } type } when types.Mentions(type):
            case IArrayCreationOperation { Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.ArrayCreationExpressionSyntax, Type: { } array } when types.Mentions(array):
                return true;

            case IAnonymousFunctionOperation lambda:
                return lambda.Symbol.Parameters.Any(parameter => types.Mentions(parameter.Type)) || types.Mentions(lambda.Symbol.ReturnType);

            default:
                return value.ChildOperations.Any(IsTraced);
        }
    }

    /// <summary>A list of the method's own, whose elements are traced.</summary>
    private bool IsLocalHolder(IOperation? instance) => instance is ILocalReferenceOperation or IParameterReferenceOperation && types.Mentions(instance.Type);
}
