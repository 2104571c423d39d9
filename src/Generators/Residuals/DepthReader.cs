using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Residuals;

/// <summary>Follows tensors through the methods of one class and finds its additions.</summary>
/// <remarks>
/// A method of the class that is called is read at the call, with the depths of the arguments; a loop is read as if it
/// ran once. This part reads statements, the other part expressions.
/// </remarks>
internal sealed partial class DepthReader
{
    // More than any real model has; a class beyond it keeps what was found so far.
    private const int Budget = 200_000;

    private readonly KnownSymbols _known;
    private readonly ModuleWeights _weights;
    private readonly IReadOnlyDictionary<IMethodSymbol, IOperation> _methods;
    private readonly Dictionary<SyntaxNode, Addition> _additions = [];
    private readonly Dictionary<ISymbol, IOperation> _functions = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _reading = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);
    private readonly Stack<IOperation> _conditionalReceivers = new();
    private readonly CancellationToken _cancellation;
    private Flow _flow = new();
    private Depth _returned;
    private bool _hasReturned;
    private int _steps;

    private DepthReader(KnownSymbols known, ModuleWeights weights, IReadOnlyDictionary<IMethodSymbol, IOperation> methods, CancellationToken cancellation)
        => (_known, _weights, _methods, _cancellation) = (known, weights, methods, cancellation);

    /// <summary>The additions of tensors in the methods of a class, in the order in which they are computed.</summary>
    public static IReadOnlyList<Addition> Read(
        KnownSymbols known, ModuleWeights weights, IReadOnlyDictionary<IMethodSymbol, IOperation> methods, CancellationToken cancellation)
    {
        DepthReader reader = new(known, weights, methods, cancellation);

        // Those that others call first, so that a private helper is read with its callers' arguments where it has callers.
        foreach (KeyValuePair<IMethodSymbol, IOperation> method in methods.OrderBy(m => m.Key.DeclaredAccessibility == Accessibility.Private ? 1 : 0))
        {
            if (method.Key.DeclaredAccessibility != Accessibility.Private || !reader._read.Contains(method.Key))
            {
                reader.ReadAlone(method.Key, method.Value);
            }
        }

        return [.. reader._additions.Values.OrderBy(addition => addition.Operation.Syntax.Span.End).ThenBy(addition => addition.Operation.Syntax.Span.Length)];
    }

    private void ReadAlone(IMethodSymbol method, IOperation body)
    {
        _flow = new();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            _flow[parameter] = IsInput(parameter) ? Depth.Input : Depth.Constant;
        }

        ReadBody(method, body);
        ReadUncalled();
    }

    /// <summary>A mask or a bias is not the data that a residual connection carries, and quantizing a mask of infinities would ruin it.</summary>
    private static bool IsInput(IParameterSymbol parameter)
        => !parameter.IsOptional
            && parameter.Name.IndexOf("mask", StringComparison.OrdinalIgnoreCase) < 0
            && parameter.Name.IndexOf("bias", StringComparison.OrdinalIgnoreCase) < 0;

    /// <summary>Reads a body from the current flow and gives what it returns; the flow of the caller goes on unchanged but for captured locals.</summary>
    private Depth ReadBody(ISymbol function, IOperation body)
    {
        if (!_reading.Add(function))
        {
            return Depth.Constant;
        }

        (Depth returned, bool hasReturned, bool ended) = (_returned, _hasReturned, _flow.Ended);
        (_returned, _hasReturned) = (Depth.Constant, false);
        Depth value = Visit(body);
        Depth result = _hasReturned ? _returned : value;
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
                _flow[parameter] = IsInput(parameter) ? Depth.Input : Depth.Constant;
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

    private Depth VisitAll(IEnumerable<IOperation> operations)
    {
        Depth depth = Depth.Constant;
        foreach (IOperation operation in operations)
        {
            depth = Depth.Of(depth, Visit(operation));
        }

        return depth;
    }

    private Depth VisitConditional(IConditionalOperation conditional)
    {
        Visit(conditional.Condition);
        Flow before = _flow;
        _flow = before.Fork();
        Depth whenTrue = Visit(conditional.WhenTrue);
        Flow afterTrue = _flow;
        _flow = before.Fork();
        Depth whenFalse = Visit(conditional.WhenFalse);
        Flow joined = new();
        joined.Join(afterTrue, _flow);
        _flow = joined;
        return Depth.Either(whenTrue, whenFalse);
    }

    private Depth VisitLoop(ILoopOperation loop)
    {
        if (loop is IForEachLoopOperation forEach)
        {
            Depth items = Visit(forEach.Collection);
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
        return Depth.Constant;
    }

    private Depth VisitCases(IOperation value, IEnumerable<IOperation> cases, bool exhaustive)
    {
        Depth subject = Visit(value);
        Flow before = _flow;
        Flow? after = exhaustive ? null : before.Fork();
        Depth result = Depth.Constant;
        foreach (IOperation arm in cases)
        {
            _flow = before.Fork();
            foreach (ILocalSymbol local in arm is ISwitchExpressionArmOperation { Locals: var locals } ? locals : ((arm as ISwitchCaseOperation)?.Locals ?? []))
            {
                _flow[local] = subject;
            }

            result = Depth.Either(result, VisitAll(arm.ChildOperations));
            Flow joined = new();
            joined.Join(after ?? _flow, _flow);
            after = joined;
        }

        _flow = after ?? before;
        return result;
    }

    private Depth VisitTry(ITryOperation statement)
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
        return Depth.Constant;
    }

    private Depth VisitReturn(IReturnOperation statement)
    {
        Depth value = Visit(statement.ReturnedValue);
        _returned = _hasReturned ? Depth.Either(_returned, value) : value;
        _hasReturned = true;
        _flow.Ended = statement.Kind == OperationKind.Return;
        return value;
    }
}
