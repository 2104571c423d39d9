using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <content>Calls: of modules, of functions, and of methods of the class itself.</content>
internal sealed partial class FlowReader
{
    private Facts VisitInvocation(IInvocationOperation invocation)
    {
        Facts facts = ReadInvocation(invocation);
        foreach (IArgumentOperation argument in invocation.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out } && Root(argument.Value) is { } given)
            {
                _flow.ForgetSign(given);
            }
        }

        return facts;
    }

    private Facts ReadInvocation(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        IOperation? instance = invocation.Instance is IConditionalAccessInstanceOperation && _conditionalReceivers.Count > 0
            ? _conditionalReceivers.Peek().Operation
            : invocation.Instance;
        Facts receiver = method.MethodKind == MethodKind.DelegateInvoke && BodyOf(method, instance) is not null ? Facts.None : Visit(invocation.Instance);
        Facts[] arguments = [.. invocation.Arguments.Select(argument => Visit(argument.Value))];
        Facts all = arguments.Aggregate(receiver, Facts.Of);

        if (_known.IsModule(instance?.Type) && method.Name is "call" or "forward" && instance is not IInstanceReferenceOperation)
        {
            return VisitModule(invocation, instance!, arguments, all);
        }

        if (BodyOf(method, instance) is { } body)
        {
            return Inline(body.Symbol, body.Operation, invocation, arguments, all);
        }

        // What a base class or another model does with a tensor is not seen; as with a module of which nothing is known, it counts as one layer.
        if (_known.IsModule(instance?.Type) && _known.IsTensor(method.ReturnType))
        {
            _flow.ForgetSigns();
            return all.Through(1) with { IsNonNegative = false };
        }

        bool onTensor = _known.IsTensor(instance?.Type);
        bool isTorch = onTensor || _known.IsTorch(method.ContainingType);
        if (isTorch && (TorchOperations.Of(method.Name).Reference == Reference.Creates || TorchOperations.Of(method.Name).Reference == Reference.Adapts))
        {
            all = TorchOperations.Of(method.Name).Reference == Reference.Creates ? Facts.None : onTensor ? receiver : arguments.FirstOrDefault();
        }

        all = all with { IsNonNegative = isTorch && IsNonNegative(invocation, onTensor, receiver) };
        if (isTorch)
        {
            Note(invocation, onTensor ? instance : null, all.FromInput);
        }

        // A tensor that is changed in place, or by code of others, may be that of any variable.
        if (isTorch ? (IsInPlace(method) || TakesInPlace(method)) && !all.IsNonNegative : !_known.IsLibrary(method))
        {
            _flow.ForgetSigns();
        }

        // In-place methods change their receiver, and a list holds what was put into it.
        if (instance is not null && all.FromInput && (IsInPlace(method) || !onTensor) && Root(instance) is { } changed)
        {
            bool isWhole = instance is ILocalReferenceOperation or IParameterReferenceOperation;
            Set(changed, onTensor ? all with { IsNonNegative = all.IsNonNegative && (isWhole || _flow[changed].IsNonNegative) } : Facts.Of(_flow[changed], all));
        }

        return isTorch && TorchOperations.Of(method.Name).IsWeighted ? all.Through(1) : all;
    }

    private Facts VisitModule(IInvocationOperation call, IOperation module, Facts[] arguments, Facts all)
    {
        bool isGivenNonNegative = arguments.Length > 0 && arguments.All(argument => argument.IsNonNegative);
        if (ModuleContents.Referenced(module) is { } symbol)
        {
            _findings.Meet(call, symbol, all with { IsNonNegative = isGivenNonNegative });
        }

        SignEffect? effect = _signs.Of(module);
        if (effect is null)
        {
            _flow.ForgetSigns();
        }

        return all.Through(_weights.Of(module)) with
        {
            IsNonNegative = effect == SignEffect.Establishes || (effect == SignEffect.Preserves && isGivenNonNegative),
        };
    }

    /// <summary>Notes an operation that may want quantizers.</summary>
    private void Note(IInvocationOperation call, IOperation? receiver, bool takesInput)
    {
        string name = call.TargetMethod.Name;
        if (name is "add" or "add_" && TensorOperands.Two(call, receiver, _known) is var (left, right))
        {
            _findings.Meet(call, name == "add" ? AdditionForm.Call : AdditionForm.InPlace, left, FactsOf(left), right, FactsOf(right));
        }
        else if (TorchOperations.Of(name).Functional is { } operation && TensorOperands.Of(call, operation, receiver, _known) is { } operands)
        {
            _findings.Meet(call, operation, operands, FactsOf);
        }
        else if (TorchOperations.Of(name).Concatenates)
        {
            _findings.Meet(call, TensorOperands.Parts(call), FactsOf);
        }
        else if (takesInput && TorchOperations.Of(name).IsWeighted && !TensorOperands.IsOfOne(call))
        {
            _findings.MeetOtherProduct(call);
        }
    }

    /// <summary>What was found when an operand was last visited.</summary>
    private Facts FactsOf(IOperation operand) => _visited.TryGetValue(operand, out Facts facts) ? facts : Facts.None;

    private Facts Inline(IMethodSymbol method, IOperation body, IInvocationOperation invocation, Facts[] arguments, Facts all)
    {
        if (_reading.Contains(method))
        {
            _open.Add(method);
            return all;
        }

        // A named argument may come in any order.
        for (int i = 0; i < arguments.Length; i++)
        {
            if (invocation.Arguments[i].Parameter is { } parameter && parameter.Ordinal < method.Parameters.Length)
            {
                Set(method.Parameters[parameter.Ordinal], IsInput(method.Parameters[parameter.Ordinal]) ? arguments[i] : Facts.None);
            }
        }

        Facts result = ReadBody(method, body);
        if (!IsReplaceable(invocation.TargetMethod) && !(Root(invocation.Instance) is { } held && _reassigned.Contains(held)))
        {
            return result;
        }

        _open.Add(method);
        _flow.ForgetSigns();
        return result with { IsNonNegative = false };
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
