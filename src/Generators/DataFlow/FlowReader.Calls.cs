using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <content>Calls: of modules, of functions, and of methods of the class itself.</content>
internal sealed partial class FlowReader
{
    private Facts VisitInvocation(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        IOperation? instance = invocation.Instance is IConditionalAccessInstanceOperation && _conditionalReceivers.Count > 0
            ? _conditionalReceivers.Peek().Operation
            : invocation.Instance;
        Facts receiver = Visit(invocation.Instance);
        Facts[] arguments = [.. invocation.Arguments.Select(argument => Visit(argument.Value))];
        Facts all = arguments.Aggregate(receiver, Facts.Of);

        if (_known.IsModule(instance?.Type) && method.Name is "call" or "forward" && instance is not IInstanceReferenceOperation)
        {
            return all.Through(_weights.Of(instance));
        }

        if (BodyOf(method, instance) is { } body)
        {
            return Inline(body.Symbol, body.Operation, invocation, arguments, all);
        }

        bool onTensor = _known.IsTensor(instance?.Type);
        bool isTorch = onTensor || _known.IsTorch(method.ContainingType);
        if (isTorch && method.Name is "add" or "add_" && TensorOperands.Two(invocation, onTensor ? instance : null, _known) is var (left, right))
        {
            _findings.Meet(invocation, method.Name == "add" ? AdditionForm.Call : AdditionForm.InPlace, left, FactsOf(left), right, FactsOf(right));
        }

        if (isTorch && FunctionalOperation.Find(method.Name) is { } operation && TensorOperands.Of(invocation, operation, onTensor ? instance : null, _known) is { } operands)
        {
            _findings.Meet(invocation, operation, operands, FactsOf);
        }

        if (isTorch && Concatenation.IsName(method.Name))
        {
            _findings.Meet(invocation, TensorOperands.Parts(invocation), FactsOf);
        }

        // In-place methods change their receiver, and a list holds what was put into it.
        if (instance is not null && all.FromInput && (method.Name.EndsWith("_", StringComparison.Ordinal) || !onTensor) && Root(instance) is { } changed)
        {
            _flow[changed] = onTensor ? all : Facts.Of(_flow[changed], all);
        }

        return isTorch && WeightedLayers.IsFunction(method.Name) ? all.Through(1) : all;
    }

    /// <summary>What was found when an operand was last visited.</summary>
    private Facts FactsOf(IOperation operand) => _visited.TryGetValue(operand, out Facts facts) ? facts : Facts.None;

    private Facts Inline(IMethodSymbol method, IOperation body, IInvocationOperation invocation, Facts[] arguments, Facts all)
    {
        if (_reading.Contains(method))
        {
            return all;
        }

        // A named argument may come in any order.
        for (int i = 0; i < arguments.Length; i++)
        {
            if (invocation.Arguments[i].Parameter is { } parameter && parameter.Ordinal < method.Parameters.Length)
            {
                _flow[method.Parameters[parameter.Ordinal]] = IsInput(method.Parameters[parameter.Ordinal]) ? arguments[i] : Facts.None;
            }
        }

        return ReadBody(method, body);
    }

    private (IMethodSymbol Symbol, IOperation Operation)? BodyOf(IMethodSymbol method, IOperation? instance)
    {
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return instance is not null && Root(instance) is { } local && _functions.TryGetValue(local, out IOperation held) && held is IAnonymousFunctionOperation lambda
                ? (lambda.Symbol, lambda.Body)
                : null;
        }

        if (_functions.TryGetValue(method, out IOperation function))
        {
            return (method, BodyOf(function));
        }

        IMethodSymbol declared = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        return instance is null or IInstanceReferenceOperation && _methods.TryGetValue(declared, out IOperation body)
            ? (declared, body)
            : null;
    }

    private void NoteFunction(ISymbol local, IOperation? value)
    {
        while (value is IConversionOperation or IDelegateCreationOperation)
        {
            value = value is IConversionOperation conversion ? conversion.Operand : ((IDelegateCreationOperation)value).Target;
        }

        if (value is IAnonymousFunctionOperation lambda)
        {
            _functions[local] = lambda;
        }
    }
}
