using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <content>Methods of the class, local functions and lambdas at their calls.</content>
internal sealed partial class FlowReader
{
    /// <summary>Reads a method at its call, with what is known of the arguments.</summary>
    private Facts Inline(IMethodSymbol method, IOperation body, IInvocationOperation invocation, Facts[] arguments, Facts all)
    {
        if (_reading.Contains(method))
        {
            _unseen.Open(method);
            return all;
        }

        // A named argument may come in any order. Where a value came from is the caller's affair: a method is not read once more for it.
        Facts[] given = [.. method.Parameters.Select(_ => Facts.None)];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (invocation.Arguments[i].Parameter is { } parameter && parameter.Ordinal < given.Length)
            {
                given[parameter.Ordinal] = IsInput(method.Parameters[parameter.Ordinal]) ? arguments[i] with { Source = null } : Facts.None;
            }
        }

        Reading reading = Read(method, body, given);
        foreach (IArgumentOperation argument in invocation.Arguments.Where(argument => argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref))
        {
            Assign(argument.Value, reading.After[argument.Parameter!.Ordinal]);
        }

        if (!UnseenChanges.IsReplaceable(invocation.TargetMethod) && !(Root(invocation.Instance) is { } held && _unseen.IsReassigned(held)))
        {
            return reading.Result with { Source = invocation };
        }

        _unseen.Open(method);
        ForgetSigns();
        return reading.Result with { IsNonNegative = false };
    }

    /// <summary>
    /// What a method gives for what it is given. A method of the class reads nothing else, so that it is read once for each way in which it is called;
    /// a local function and a lambda see the variables around them, and are read at each call.
    /// </summary>
    private Reading Read(IMethodSymbol method, IOperation body, Facts[] given)
    {
        if (!_readings.TryGetValue(method, out List<Reading> readings))
        {
            _readings.Add(method, readings = []);
        }

        bool isClosed = _bodies.IsClosed(method);
        if (isClosed && readings.FirstOrDefault(known => known.Given.SequenceEqual(given)) is { } same)
        {
            return Again(same);
        }

        if (readings.Count >= MostReadings)
        {
            // Too many ways: one reading from here on, with the least that is known of each argument.
            _findings.CutShort(method);
            given = [.. given.Select(facts => new Facts(facts.FromInput ? new Depth(true, 0, Depth.Deepest) : Depth.Constant, facts.IsStored))];
            if (readings.FirstOrDefault(known => known.Given.SequenceEqual(given)) is { } rough)
            {
                ForgetSigns();
                return Again(rough);
            }
        }

        for (int i = 0; i < given.Length; i++)
        {
            Set(method.Parameters[i], given[i]);
        }

        int forgotten = _forgotten;
        Facts result = ReadBody(method, body);
        Reading reading = new(given, result, [.. method.Parameters.Select(parameter => _flow[parameter])], _forgotten > forgotten);
        readings.Add(reading);
        return reading;
    }

    private Reading Again(Reading reading)
    {
        if (reading.Forgets)
        {
            ForgetSigns();
        }

        return reading;
    }
}
