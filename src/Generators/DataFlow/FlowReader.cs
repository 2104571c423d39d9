using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>Follows tensors through the methods of one class and finds the operations that may want quantizers.</summary>
/// <remarks>
/// A method of the class that is called is read at the call, with what is known of the arguments; a loop is read as if it
/// ran once. This part reads methods and statements.
/// </remarks>
internal sealed partial class FlowReader
{
    // More than any real model has; a class beyond it keeps what was found so far.
    private const int Budget = 200_000;

    private readonly KnownSymbols _known;
    private readonly ModuleWeights _weights;
    private readonly IReadOnlyDictionary<IMethodSymbol, IOperation> _methods;
    private readonly FlowFindings _findings = new();
    private readonly Dictionary<IOperation, Facts> _visited = [];
    private readonly Dictionary<ISymbol, IOperation> _functions = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _reading = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);
    private readonly Stack<(IOperation Operation, Facts Facts)> _conditionalReceivers = new();
    private readonly CancellationToken _cancellation;
    private Flow _flow = new();
    private Facts _returned;
    private bool _hasReturned;
    private int _steps;

    private FlowReader(KnownSymbols known, ModuleWeights weights, IReadOnlyDictionary<IMethodSymbol, IOperation> methods, CancellationToken cancellation)
        => (_known, _weights, _methods, _cancellation) = (known, weights, methods, cancellation);

    public static FlowFindings Read(
        KnownSymbols known, ModuleWeights weights, IReadOnlyDictionary<IMethodSymbol, IOperation> methods, CancellationToken cancellation)
    {
        FlowReader reader = new(known, weights, methods, cancellation);

        // Those that others call first, so that a private helper is read with its callers' arguments where it has callers.
        foreach (KeyValuePair<IMethodSymbol, IOperation> method in methods.OrderBy(m => m.Key.DeclaredAccessibility == Accessibility.Private ? 1 : 0))
        {
            if (method.Key.DeclaredAccessibility != Accessibility.Private || !reader._read.Contains(method.Key))
            {
                reader.ReadAlone(method.Key, method.Value);
            }
        }

        return reader._findings;
    }

    private void ReadAlone(IMethodSymbol method, IOperation body)
    {
        _flow = new();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            _flow[parameter] = IsInput(parameter) ? Facts.Input : Facts.None;
        }

        ReadBody(method, body);
        ReadUncalled();
    }

    /// <summary>A mask or a bias is not the data that a residual connection carries, and quantizing a mask of infinities would ruin it.</summary>
    private static bool IsInput(IParameterSymbol parameter) => !parameter.IsOptional && IsData(parameter.Name);

    private static bool IsData(string name)
        => name.IndexOf("mask", StringComparison.OrdinalIgnoreCase) < 0 && name.IndexOf("bias", StringComparison.OrdinalIgnoreCase) < 0;

    /// <summary>Reads a body from the current flow and gives what it returns; the flow of the caller goes on unchanged but for captured locals.</summary>
    private Facts ReadBody(ISymbol function, IOperation body)
    {
        if (!_reading.Add(function))
        {
            return Facts.None;
        }

        (Facts returned, bool hasReturned, bool ended) = (_returned, _hasReturned, _flow.Ended);
        (_returned, _hasReturned) = (Facts.None, false);
        Facts value = Visit(body);
        Facts result = _hasReturned ? _returned : value;
        (_returned, _hasReturned, _flow.Ended) = (returned, hasReturned, ended);
        _reading.Remove(function);
        _read.Add(function);
        return result;
    }

    /// <summary>Local functions and lambdas that are handed on rather than called here see inputs.</summary>
    private void ReadUncalled()
    {
        foreach (KeyValuePair<ISymbol, IOperation> function in _functions.ToArray())
        {
            IMethodSymbol? method = function.Key as IMethodSymbol ?? (function.Value as IAnonymousFunctionOperation)?.Symbol;
            if (method is null || _read.Contains(method))
            {
                continue;
            }

            foreach (IParameterSymbol parameter in method.Parameters)
            {
                _flow[parameter] = IsInput(parameter) ? Facts.Input : Facts.None;
            }

            ReadBody(method, BodyOf(function.Value));
        }
    }

    private static IOperation BodyOf(IOperation function) => function switch
    {
        ILocalFunctionOperation local => (IOperation?)local.Body ?? local,
        IAnonymousFunctionOperation lambda => lambda.Body,
        _ => function,
    };

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

    private Facts VisitLoop(ILoopOperation loop)
    {
        if (loop is IForEachLoopOperation forEach)
        {
            Facts items = Visit(forEach.Collection);
            foreach (ILocalSymbol local in forEach.Locals)
            {
                _flow[local] = items;
            }

            Visit(forEach.Body);
        }
        else
        {
            VisitAll(loop.ChildOperations);
        }

        _flow.Ended = false;
        return Facts.None;
    }

    private Facts VisitCases(IOperation value, IEnumerable<IOperation> cases, bool exhaustive)
    {
        Facts subject = Visit(value);
        Flow before = _flow;
        Flow? after = exhaustive ? null : before.Fork();
        Facts result = Facts.None;
        foreach (IOperation arm in cases)
        {
            _flow = before.Fork();
            foreach (ILocalSymbol local in arm is ISwitchExpressionArmOperation { Locals: var locals } ? locals : ((arm as ISwitchCaseOperation)?.Locals ?? []))
            {
                _flow[local] = subject;
            }

            result = Facts.Either(result, VisitAll(arm.ChildOperations));
            Flow joined = new();
            joined.Join(after ?? _flow, _flow);
            after = joined;
        }

        _flow = after ?? before;
        return result;
    }

    private Facts VisitTry(ITryOperation statement)
    {
        Flow before = _flow.Fork();
        Visit(statement.Body);
        foreach (ICatchClauseOperation clause in statement.Catches)
        {
            Flow body = _flow;
            _flow = before.Fork();
            Visit(clause);
            Flow joined = new();
            joined.Join(body, _flow);
            _flow = joined;
        }

        Visit(statement.Finally);
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
