using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>Follows tensors through the methods of one class and finds the operations that may want quantizers.</summary>
/// <remarks>
/// One walk in the order of the text, over values of two small lattices: how far a value is from the inputs (<see cref="Depth"/>), and whether it is proven
/// not to be negative (<see cref="SignRules"/>). A method of the class that is called is read at the call, with what is known of the arguments; a loop is read
/// as if it ran once, but for what it loses. What may be changed unseen (<see cref="UnseenChanges"/>), by code of others or in place, is not proven. How
/// much is read is bounded by a multiple of the class's operations. This part reads methods.
/// </remarks>
internal sealed partial class FlowReader
{
    // How often each operation may be read on average: a method for each way in which it is called, a loop for each turn that loses something. Real
    // models take less than ten.
    private const int ReadingsPerOperation = 200;

    // In how many ways a method is read; real models call none in more than four.
    private const int MostReadings = 32;

    private readonly KnownSymbols _known;
    private readonly ModuleWeights _weights;
    private readonly ModuleSigns _signs;
    private readonly ModuleOutputs _outputs;
    private readonly SmallModules _small;
    private readonly CallableBodies _bodies;
    private readonly UnseenChanges _unseen;
    private readonly FlowFindings _findings = new();
    private readonly Dictionary<IOperation, Facts> _visited = [];
    private readonly HashSet<ISymbol> _reading = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<Reading>> _readings = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);

    // Functions that may be called with anything and were read so.
    private readonly HashSet<ISymbol> _readOpen = new(SymbolEqualityComparer.Default);
    private readonly Stack<(IOperation Operation, Facts Facts)> _conditionalReceivers = new();
    private readonly CancellationToken _cancellation;
    private Flow _flow = new();
    private Facts _returned;
    private bool _hasReturned;
    private int _steps;
    private readonly int _budget;

    private FlowReader(
        KnownSymbols known, ModuleWeights weights, ModuleSigns signs, ModuleOutputs outputs, SmallModules small, CallableBodies bodies, UnseenChanges unseen, int budget, CancellationToken cancellation)
        => (_known, _weights, _signs, _outputs, _small, _bodies, _unseen, _budget, _cancellation) = (known, weights, signs, outputs, small, bodies, unseen, budget, cancellation);

    /// <param name="known">TorchSharp's symbols.</param>
    /// <param name="weights">How many weighted layers modules hold.</param>
    /// <param name="signs">What modules do to signs.</param>
    /// <param name="outputs">What stands at the ends of modules.</param>
    /// <param name="small">Modules of one operation.</param>
    /// <param name="methods">The methods of the class.</param>
    /// <param name="others">Constructors, initialisers and other classes, which may call these methods with anything.</param>
    /// <param name="cancellation">Stops it.</param>
    public static FlowFindings Read(
        KnownSymbols known,
        ModuleWeights weights,
        ModuleSigns signs,
        ModuleOutputs outputs,
        SmallModules small,
        IReadOnlyDictionary<IMethodSymbol, IOperation> methods,
        IEnumerable<IOperation> others,
        CancellationToken cancellation)
    {
        others = [.. others];
        int budget = ReadingsPerOperation * methods.Values.Sum(body => body.DescendantsAndSelf().Count());
        FlowReader reader = new(known, weights, signs, outputs, small, new(methods, [.. methods.Values, .. others]), new(methods.Values, others, known), budget, cancellation);

        // Those that others call first, so that a private helper is read with its callers' arguments where it has callers.
        foreach (KeyValuePair<IMethodSymbol, IOperation> method in methods.OrderBy(m => m.Key.DeclaredAccessibility == Accessibility.Private ? 1 : 0))
        {
            if (method.Key.DeclaredAccessibility != Accessibility.Private || !reader._read.Contains(method.Key))
            {
                reader.ReadAlone(method.Key, method.Value);
            }
        }

        while (methods.Keys.FirstOrDefault(method => reader._unseen.IsOpen(method) && !reader._readOpen.Contains(method)) is { } open)
        {
            reader.ReadAlone(open, methods[open]);
        }

        if (reader._steps > reader._budget)
        {
            reader._findings.ForgetSigns();
            reader._findings.CutShort(methods.OrderByDescending(method => method.Value.DescendantsAndSelf().Count()).First().Key);
        }

        return reader._findings;
    }

    private void ReadAlone(IMethodSymbol method, IOperation body)
    {
        _flow = new();
        _leaving.Clear();
        _readOpen.Add(method);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            _flow[parameter] = IsInput(parameter) ? Facts.Input : Facts.None;
        }

        ReadBody(method, body);
        ReadUncalled();
    }

    private static bool IsInput(IParameterSymbol parameter) => !parameter.IsOptional && !MaskNames.IsMask(parameter.Name);

    /// <summary>Reads a body from the current flow and gives what it returns; the flow of the caller goes on unchanged but for captured locals.</summary>
    private Facts ReadBody(ISymbol function, IOperation body)
    {
        if (!_reading.Add(function))
        {
            return Facts.None;
        }

        _bodies.NoteLocalFunctions(body);
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
        while (_bodies.Functions.FirstOrDefault(IsToRead) is { } function)
        {
            IMethodSymbol method = CallableBodies.SymbolOf(function)!;
            // It may run at any time, whatever its variables are then.
            ForgetSigns();
            _readOpen.Add(method);
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                _flow[parameter] = IsInput(parameter) ? Facts.Input : Facts.None;
            }

            ReadBody(method, CallableBodies.BodyOf(function));
        }
    }

    private bool IsToRead(IOperation function)
        => CallableBodies.SymbolOf(function) is { } method && !_readOpen.Contains(method) && (_unseen.IsOpen(method) || !_read.Contains(method));
}
