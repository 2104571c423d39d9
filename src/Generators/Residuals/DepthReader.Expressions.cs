using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Residuals;

internal sealed partial class DepthReader
{
    private Depth Visit(IOperation? operation)
    {
        if (operation is null || ++_steps > Budget)
        {
            return Depth.Constant;
        }

        _cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case IConditionalOperation conditional: return VisitConditional(conditional);
            case ILoopOperation loop: return VisitLoop(loop);
            case ISwitchOperation choice:
                return VisitCases(choice.Value, choice.Cases, choice.Cases.Any(c => c.Clauses.Any(clause => clause.CaseKind == CaseKind.Default)));
            case ISwitchExpressionOperation choice: return VisitCases(choice.Value, choice.Arms, exhaustive: true);
            case ITryOperation statement: return VisitTry(statement);
            case IReturnOperation statement: return VisitReturn(statement);
            case IThrowOperation statement:
                Visit(statement.Exception);
                _flow.Ended = operation.Parent is IExpressionStatementOperation or IBlockOperation;
                return Depth.Constant;

            case ILocalFunctionOperation function:
                _functions[function.Symbol] = function;
                return Depth.Constant;

            case IAnonymousFunctionOperation lambda:
                _functions[lambda.Symbol] = lambda;
                return Depth.Constant;

            case IVariableDeclaratorOperation declarator:
                Depth initial = Visit(declarator.Initializer?.Value);
                _flow[declarator.Symbol] = initial;
                NoteFunction(declarator.Symbol, declarator.Initializer?.Value);
                return initial;

            case ILocalReferenceOperation local: return _flow[local.Local];
            case IParameterReferenceOperation parameter: return _flow[parameter.Parameter];
            case ISimpleAssignmentOperation assignment: return Assign(assignment.Target, Visit(assignment.Value));
            case IDeconstructionAssignmentOperation assignment: return Deconstruct(assignment);
            case ICoalesceAssignmentOperation assignment:
                return Assign(assignment.Target, Depth.Either(Visit(assignment.Target), Visit(assignment.Value)));
            case ICoalesceOperation coalesce: return Depth.Either(Visit(coalesce.Value), Visit(coalesce.WhenNull));
            case ICompoundAssignmentOperation compound: return VisitCompound(compound);
            case IBinaryOperation binary: return VisitBinary(binary);
            case IConditionalAccessOperation access: return VisitConditionalAccess(access);
            case IConditionalAccessInstanceOperation: return Visit(_conditionalReceivers.Peek());
            case IInvocationOperation invocation: return VisitInvocation(invocation);
            default: return VisitAll(operation.ChildOperations);
        }
    }

    private Depth VisitBinary(IBinaryOperation binary)
    {
        Depth left = Visit(binary.LeftOperand);
        Depth right = Visit(binary.RightOperand);
        if (binary.OperatorKind == BinaryOperatorKind.Add && IsTensorSum(binary.OperatorMethod))
        {
            Meet(binary, AdditionForm.Operator, binary.LeftOperand, left, binary.RightOperand, right);
        }

        return Depth.Of(left, right);
    }

    private Depth VisitCompound(ICompoundAssignmentOperation compound)
    {
        Depth left = Visit(compound.Target);
        Depth right = Visit(compound.Value);
        if (compound.OperatorKind == BinaryOperatorKind.Add && IsTensorSum(compound.OperatorMethod))
        {
            Meet(compound, AdditionForm.Compound, compound.Target, left, compound.Value, right);
        }

        return Assign(compound.Target, Depth.Of(left, right));
    }

    private Depth VisitConditionalAccess(IConditionalAccessOperation access)
    {
        Depth receiver = Visit(access.Operation);
        _conditionalReceivers.Push(access.Operation);
        Depth value = Visit(access.WhenNotNull);
        _conditionalReceivers.Pop();
        return Depth.Of(receiver, value);
    }

    private Depth VisitInvocation(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        IOperation? instance = invocation.Instance is IConditionalAccessInstanceOperation && _conditionalReceivers.Count > 0
            ? _conditionalReceivers.Peek()
            : invocation.Instance;
        Depth receiver = Visit(invocation.Instance);
        Depth[] arguments = [.. invocation.Arguments.Select(argument => Visit(argument.Value))];
        Depth DepthOf(IOperation operand) => invocation.Arguments.Select((a, i) => (a, i)).FirstOrDefault(pair => pair.a?.Value == operand) is ({ }, var at) ? arguments[at] : receiver;
        Depth all = arguments.Aggregate(receiver, Depth.Of);

        if (_known.IsModule(instance?.Type) && method.Name is "call" or "forward" && instance is not IInstanceReferenceOperation)
        {
            return all.Through(_weights.Of(instance));
        }

        if (BodyOf(method, instance) is { } body)
        {
            return Inline(body.Symbol, body.Operation, invocation, arguments, all);
        }

        bool onTensor = _known.IsTensor(instance?.Type);
        if (method.Name is "add" or "add_" && (onTensor || _known.IsTorch(method.ContainingType)) && Operands(invocation, onTensor) is var (left, right))
        {
            Meet(invocation, method.Name == "add" ? AdditionForm.Call : AdditionForm.InPlace, left, DepthOf(left), right, DepthOf(right));
        }

        // In-place methods change their receiver, and a list holds what was put into it.
        if (instance is not null && all.FromInput && (method.Name.EndsWith("_", StringComparison.Ordinal) || !onTensor) && Root(instance) is { } changed)
        {
            _flow[changed] = onTensor ? all : Depth.Of(_flow[changed], all);
        }

        return (onTensor || _known.IsTorch(method.ContainingType)) && WeightedLayers.IsFunction(method.Name) ? all.Through(1) : all;
    }

    /// <summary>The two tensors of a call of <c>add</c>, or nothing where a scalar is added.</summary>
    private (IOperation Left, IOperation Right)? Operands(IInvocationOperation call, bool onTensor)
    {
        IOperation? left = onTensor ? call.Instance : Argument(0);
        IOperation? right = Argument(onTensor ? 0 : 1);
        return left is not null && right is not null ? (left, right) : null;

        IOperation? Argument(int ordinal)
            => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal && _known.IsTensor(argument.Parameter.Type))?.Value;
    }

    private Depth Inline(IMethodSymbol method, IOperation body, IInvocationOperation invocation, Depth[] arguments, Depth all)
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
                _flow[method.Parameters[parameter.Ordinal]] = IsInput(method.Parameters[parameter.Ordinal]) ? arguments[i] : Depth.Constant;
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

    private Depth Assign(IOperation target, Depth value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local: _flow[local.Local] = value; break;
            case IParameterReferenceOperation parameter: _flow[parameter.Parameter] = value; break;
            case IDeclarationExpressionOperation declaration: Assign(declaration.Expression, value); break;
            case ITupleOperation tuple:
                foreach (IOperation element in tuple.Elements)
                {
                    Assign(element, value);
                }

                break;
            default:
                // An element of an array or a list: the whole holds the old values as well.
                if (Root(target) is { } root)
                {
                    _flow[root] = Depth.Of(_flow[root], value);
                }

                break;
        }

        return value;
    }

    private Depth Deconstruct(IDeconstructionAssignmentOperation assignment)
    {
        IOperation target = assignment.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : assignment.Target;
        IOperation value = assignment.Value is IConversionOperation conversion ? conversion.Operand : assignment.Value;
        if (target is ITupleOperation targets && value is ITupleOperation values && targets.Elements.Length == values.Elements.Length)
        {
            Depth[] depths = [.. values.Elements.Select(Visit)];
            for (int i = 0; i < depths.Length; i++)
            {
                Assign(targets.Elements[i], depths[i]);
            }

            return depths.Aggregate(Depth.Constant, Depth.Of);
        }

        return Assign(target, Visit(value));
    }

    private static ISymbol? Root(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IArrayElementReferenceOperation element => Root(element.ArrayReference),
        IPropertyReferenceOperation { Instance: { } instance } => Root(instance),
        IFieldReferenceOperation { Instance: { } instance } => Root(instance),
        IConversionOperation conversion => Root(conversion.Operand),
        _ => null,
    };

    private bool IsTensorSum(IMethodSymbol? method)
        => method is { Parameters.Length: 2 } && method.Parameters.All(parameter => _known.IsTensor(parameter.Type));

    private void Meet(IOperation operation, AdditionForm form, IOperation left, Depth leftDepth, IOperation right, Depth rightDepth)
    {
        if (!_additions.TryGetValue(operation.Syntax, out Addition addition))
        {
            _additions.Add(operation.Syntax, addition = new(operation, form, left, right));
        }

        addition.Meet(leftDepth, rightDepth);
    }
}
