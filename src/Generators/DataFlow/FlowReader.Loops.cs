using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <content>Loops, which are read until nothing more is lost: every way to a place counts.</content>
internal sealed partial class FlowReader
{
    // Where a break or continue leaves a loop or a switch.
    private readonly List<Flow> _leaving = [];

    // A loop that loses something in each turn is read as often as this; then it loses all.
    private const int MostTurns = 5;

    // How often something was forgotten.
    private int _forgotten;

    private Facts VisitLoop(ILoopOperation loop)
    {
        switch (loop)
        {
            case IForEachLoopOperation forEach:
                Facts items = Visit(forEach.Collection);
                ReadTurns(() =>
                {
                    foreach (ILocalSymbol local in forEach.Locals)
                    {
                        Set(local, items);
                    }

                    Visit(forEach.Body);
                });
                break;

            case IForLoopOperation counted:
                VisitAll(counted.Before);
                ReadTurns(() =>
                {
                    VisitCondition(counted.Condition);
                    Visit(counted.Body);
                    VisitAll(counted.AtLoopBottom);
                });
                break;

            case IWhileLoopOperation { ConditionIsTop: true } conditional:
                ReadTurns(() =>
                {
                    VisitCondition(conditional.Condition);
                    Visit(conditional.Body);
                });
                break;

            default:
                ReadTurns(() => VisitAll(loop.ChildOperations));
                break;
        }

        _flow.Ended = false;
        return Facts.None;
    }

    /// <summary>A loop may end behind its condition.</summary>
    private void VisitCondition(IOperation? condition)
    {
        Visit(condition);
        _leaving.Add(_flow.Fork());
    }

    /// <summary>
    /// Reads a loop until nothing more is lost from one turn to the next; depths are those of the first turn in which a variable comes from an
    /// input, as a sum that starts with null or zeros does from the second.
    /// </summary>
    private void ReadTurns(Action turn)
    {
        Flow before = _flow.Fork();
        bool settled;
        int turns = 0;
        do
        {
            // What is lost turn by turn is lost at once from here on, so that a loop is read a bounded number of times.
            if (++turns > MostTurns)
            {
                before.ForgetSigns();
            }

            int leaving = _leaving.Count;
            _flow = before.Fork();
            turn();
            settled = before.KeepSignsOf(_flow) & before.TakeInputsOf(_flow);
            foreach (Flow left in _leaving.Skip(leaving))
            {
                settled &= before.KeepSignsOf(left);
            }

            _leaving.RemoveRange(leaving, _leaving.Count - leaving);
        }
        while (!settled && turns < 2 * MostTurns);

        _flow.KeepSignsOf(before);
    }

    /// <summary>Forgets what is proven of signs, and counts it, so that a reading that is used again does so too.</summary>
    private void ForgetSigns()
    {
        _forgotten++;
        _flow.ForgetSigns();
    }
}
