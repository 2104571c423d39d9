using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <content>Expressions.</content>
internal sealed partial class FlowReader
{
    private Facts Visit(IOperation? operation)
    {
        if (operation is null || ++_steps > _budget)
        {
            return Facts.None;
        }

        _cancellation.ThrowIfCancellationRequested();
        Facts facts = operation.ConstantValue is { HasValue: true, Value: var value } ? Facts.None with { IsNonNegative = SignRules.OfConstant(value) } : Read(operation);
        facts = Numbers.IsOfThem(operation.Type) ? Facts.None with { IsNonNegative = facts.IsNonNegative } : facts;
        return _visited[operation] = facts with { IsNonNegative = facts.IsNonNegative && _unseen.ProvesSigns };
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

            case ILocalFunctionOperation: return Facts.None;
            case IAnonymousFunctionOperation lambda:
                _bodies.Note(lambda.Symbol, lambda);
                return Facts.None;

            case IVariableDeclaratorOperation declarator:
                Facts initial = Visit(declarator.Initializer?.Value);
                Set(declarator.Symbol, initial);
                _bodies.NoteFunction(declarator.Symbol, declarator.Initializer?.Value);
                return initial;

            case ILocalReferenceOperation local: return NoteUse(local, VisitLocal(local.Local));
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor }, Name: var name } }: return Stored(name);
            case IParameterReferenceOperation parameter: return NoteUse(parameter, _flow[parameter.Parameter]);
            case IMemberReferenceOperation member when IsTensorOfModel(member): return Stored(member.Member.Name);
            case ISimpleAssignmentOperation assignment: return Assign(assignment.Target, Visit(assignment.Value));
            case IDeconstructionAssignmentOperation assignment: return Deconstruct(assignment);
            case ICoalesceAssignmentOperation assignment:
                return Assign(assignment.Target, Facts.Either(Visit(assignment.Target), VisitPerhaps(assignment.Value)));
            case ICoalesceOperation coalesce: return Facts.Either(Visit(coalesce.Value), VisitPerhaps(coalesce.WhenNull));
            case ICompoundAssignmentOperation compound: return VisitCompound(compound);
            case IBinaryOperation binary: return VisitBinary(binary);
            case IConditionalAccessOperation access: return VisitConditionalAccess(access);
            case IConditionalAccessInstanceOperation: return _conditionalReceivers.Peek().Facts;
            case IInvocationOperation invocation: return VisitInvocation(invocation);
            case IMethodReferenceOperation reference:
                _unseen.Open(reference.Method.OriginalDefinition);
                return Visit(reference.Instance);

            case IConversionOperation conversion: return Visit(conversion.Operand);
            case IArrayInitializerOperation or ICollectionExpressionOperation: return VisitAll(operation.ChildOperations) with { IsNonNegative = operation.ChildOperations.All(child => FactsOf(child).IsNonNegative) };
            case IArrayCreationOperation array: return VisitAll(array.ChildOperations) with { IsNonNegative = array.Initializer is { } elements && FactsOf(elements).IsNonNegative };
            case IPropertyReferenceOperation { Instance: { } instance } property when _known.IsTensor(instance.Type):
                Facts read = VisitAll(property.ChildOperations);
                if (property.Property.IsIndexer)
                {
                    // Each part may meet a quantizer of its own, and what gives the whole needs one for all.
                    MeetReader(instance, FactsOf(instance), computesInFloat: true, moves: false);
                }

                bool keepsSign = property.Property.IsIndexer || TorchOperations.Of(property.Property.Name).Sign == SignEffect.Preserves;
                return read with { IsNonNegative = keepsSign && FactsOf(instance).IsNonNegative };

            case IBranchOperation:
                _leaving.Add(_flow.Fork());
                return Facts.None;

            default: return VisitAll(operation.ChildOperations);
        }
    }

    /// <summary>What is assigned in an expression that may not be computed proves nothing.</summary>
    private Facts VisitPerhaps(IOperation operation)
    {
        Flow before = _flow.Fork();
        Facts facts = Visit(operation);
        _flow.KeepSignsOf(before);
        return facts;
    }

    private Facts VisitBinary(IBinaryOperation binary)
    {
        Facts left = Visit(binary.LeftOperand);
        Facts right = binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr ? VisitPerhaps(binary.RightOperand) : Visit(binary.RightOperand);
        if (binary.OperatorKind == BinaryOperatorKind.Add && IsOfTensors(binary.OperatorMethod))
        {
            _findings.Meet(binary, BinaryForm.Operator, binary.LeftOperand, left, binary.RightOperand, right);
        }

        if (binary.OperatorKind == BinaryOperatorKind.Multiply && IsOfTensors(binary.OperatorMethod))
        {
            _findings.MeetProduct(binary, BinaryForm.Operator, binary.LeftOperand, left, binary.RightOperand, right);
        }

        MeetReader(binary.LeftOperand, left, computesInFloat: binary.OperatorMethod is not null, moves: false);
        MeetReader(binary.RightOperand, right, computesInFloat: binary.OperatorMethod is not null, moves: false);
        return Computed(binary.OperatorKind, left, right) with
        {
            Source = binary,
            WantsQuantizer = binary.OperatorKind == BinaryOperatorKind.Multiply && IsOfTensors(binary.OperatorMethod) && left.FromInput && right.FromInput,
        };
    }

    /// <summary>A variable is read, unless it is asked for a size or a type.</summary>
    private Facts NoteUse(IOperation reference, Facts facts)
    {
        bool isAskedOnly = reference.Parent is IPropertyReferenceOperation property && !_known.IsTensor(property.Type);
        if (facts.Source is not null && !isAskedOnly)
        {
            _findings.MeetUse(facts.Source, reference.Syntax);
        }

        return facts;
    }

    private static Facts Computed(BinaryOperatorKind kind, Facts left, Facts right)
        => Facts.Of(left, right) with { IsNonNegative = SignRules.OfBinary(kind, left.IsNonNegative, right.IsNonNegative) };

    /// <summary>A lambda that is not called here may be called with anything.</summary>
    private Facts VisitLocal(ILocalSymbol local)
    {
        if (_bodies.LambdaIn(local) is { } lambda)
        {
            _unseen.Open(lambda);
        }

        return _flow[local];
    }

    private Facts VisitConditionalAccess(IConditionalAccessOperation access)
    {
        Facts receiver = Visit(access.Operation);
        _conditionalReceivers.Push((access.Operation, receiver));
        Facts value = VisitPerhaps(access.WhenNotNull);
        _conditionalReceivers.Pop();
        return Facts.Of(receiver, value) with { IsNonNegative = value.IsNonNegative };
    }

    /// <summary>A tensor that the model holds: a mask is none to quantize, whatever holds it.</summary>
    private static Facts Stored(string name) => MaskNames.IsMask(name) ? Facts.None : Facts.Stored;

    private bool IsTensorOfModel(IMemberReferenceOperation member)
        => member is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }
            && _known.IsTensor(member.Type)
            && (member.Instance is null or IInstanceReferenceOperation || _known.IsModule(member.Instance.Type));

    private bool IsOfTensors(IMethodSymbol? method)
        => method is { Parameters.Length: 2 } && method.Parameters.All(parameter => _known.IsTensor(parameter.Type));
}
