using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <content>Statements.</content>
internal sealed partial class FlowReader
{
    private Facts VisitAll(IEnumerable<IOperation> operations)
    {
        Facts facts = Facts.None;
        foreach (IOperation operation in operations)
        {
            facts = Facts.Of(facts, Visit(operation));
        }

        return facts;
    }

    private Facts VisitConditional(IConditionalOperation conditional)
    {
        Visit(conditional.Condition);
        Flow before = _flow;
        _flow = before.Fork();
        Facts whenTrue = Visit(conditional.WhenTrue);
        Flow afterTrue = _flow;
        _flow = before.Fork();
        Facts whenFalse = Visit(conditional.WhenFalse);
        Flow joined = new();
        joined.Join(afterTrue, _flow);
        _flow = joined;
        return Facts.Either(whenTrue, whenFalse);
    }

    private Facts VisitCases(IOperation value, IEnumerable<IOperation> cases, bool exhaustive)
    {
        Facts subject = Visit(value);
        Flow before = _flow;
        Flow? after = exhaustive ? null : before.Fork();
        Facts? result = null;
        int leaving = _leaving.Count;
        foreach (IOperation arm in cases)
        {
            _flow = before.Fork();
            foreach (ILocalSymbol local in arm is ISwitchExpressionArmOperation { Locals: var locals } ? locals : ((arm as ISwitchCaseOperation)?.Locals ?? []))
            {
                Set(local, subject);
            }

            Facts found = VisitAll(arm.ChildOperations);
            found = arm is ISwitchExpressionArmOperation { Value: var given } ? FactsOf(given) : found;
            result = result is { } others ? Facts.Either(others, found) : found;
            Flow joined = new();
            joined.Join(after ?? _flow, _flow);
            after = joined;
        }

        _flow = after ?? before;
        foreach (Flow left in _leaving.Skip(leaving))
        {
            _flow.KeepSignsOf(left);
        }

        return result ?? Facts.None;
    }

    private Facts VisitTry(ITryOperation statement)
    {
        Flow before = _flow.Fork();
        Visit(statement.Body);
        foreach (ICatchClauseOperation clause in statement.Catches)
        {
            Flow body = _flow;
            // What was thrown may have come from anywhere in the body.
            _flow = before.Fork();
            ForgetSigns();
            Visit(clause);
            Flow joined = new();
            joined.Join(body, _flow);
            _flow = joined;
        }

        if (statement.Finally is not null)
        {
            ForgetSigns();
            Visit(statement.Finally);
        }

        return Facts.None;
    }

    private Facts VisitReturn(IReturnOperation statement)
    {
        Facts value = Visit(statement.ReturnedValue);
        _returned = _hasReturned ? Facts.Either(_returned, value) : value;
        _hasReturned = true;
        _flow.Ended = statement.Kind == OperationKind.Return;
        return value;
    }
}
