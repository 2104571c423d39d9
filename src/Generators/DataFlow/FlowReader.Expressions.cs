using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <content>Expressions.</content>
internal sealed partial class FlowReader
{
    private Facts Visit(IOperation? operation)
    {
        if (operation is null || ++_steps > Budget)
        {
            return Facts.None;
        }

        _cancellation.ThrowIfCancellationRequested();
        return _visited[operation] = Read(operation);
    }

    private Facts Read(IOperation operation)
    {
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
                return Facts.None;

            case ILocalFunctionOperation function:
                _functions[function.Symbol] = function;
                return Facts.None;

            case IAnonymousFunctionOperation lambda:
                _functions[lambda.Symbol] = lambda;
                return Facts.None;

            case IVariableDeclaratorOperation declarator:
                Facts initial = Visit(declarator.Initializer?.Value);
                _flow[declarator.Symbol] = initial;
                NoteFunction(declarator.Symbol, declarator.Initializer?.Value);
                return initial;

            case ILocalReferenceOperation local: return _flow[local.Local];
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor }, Name: var name } }: return Stored(name);
            case IParameterReferenceOperation parameter: return _flow[parameter.Parameter];
            case IMemberReferenceOperation member when IsTensorOfModel(member): return Stored(member.Member.Name);
            case ISimpleAssignmentOperation assignment: return Assign(assignment.Target, Visit(assignment.Value));
            case IDeconstructionAssignmentOperation assignment: return Deconstruct(assignment);
            case ICoalesceAssignmentOperation assignment:
                return Assign(assignment.Target, Facts.Either(Visit(assignment.Target), Visit(assignment.Value)));
            case ICoalesceOperation coalesce: return Facts.Either(Visit(coalesce.Value), Visit(coalesce.WhenNull));
            case ICompoundAssignmentOperation compound: return VisitCompound(compound);
            case IBinaryOperation binary: return VisitBinary(binary);
            case IConditionalAccessOperation access: return VisitConditionalAccess(access);
            case IConditionalAccessInstanceOperation: return _conditionalReceivers.Peek().Facts;
            case IInvocationOperation invocation: return VisitInvocation(invocation);
            default: return VisitAll(operation.ChildOperations);
        }
    }

    private Facts VisitBinary(IBinaryOperation binary)
    {
        Facts left = Visit(binary.LeftOperand);
        Facts right = Visit(binary.RightOperand);
        if (binary.OperatorKind == BinaryOperatorKind.Add && IsTensorSum(binary.OperatorMethod))
        {
            _findings.Meet(binary, AdditionForm.Operator, binary.LeftOperand, left, binary.RightOperand, right);
        }

        return Facts.Of(left, right);
    }

    private Facts VisitConditionalAccess(IConditionalAccessOperation access)
    {
        Facts receiver = Visit(access.Operation);
        _conditionalReceivers.Push((access.Operation, receiver));
        Facts value = Visit(access.WhenNotNull);
        _conditionalReceivers.Pop();
        return Facts.Of(receiver, value);
    }

    /// <summary>A tensor that the model holds: a mask is none to quantize, whatever holds it.</summary>
    private static Facts Stored(string name) => IsData(name) ? Facts.Stored : Facts.None;

    private bool IsTensorOfModel(IMemberReferenceOperation member)
        => member is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }
            && _known.IsTensor(member.Type)
            && (member.Instance is null or IInstanceReferenceOperation || _known.IsModule(member.Instance.Type));

    private bool IsTensorSum(IMethodSymbol? method)
        => method is { Parameters.Length: 2 } && method.Parameters.All(parameter => _known.IsTensor(parameter.Type));
}
