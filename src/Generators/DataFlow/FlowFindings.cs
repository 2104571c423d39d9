using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>The operations of a class that may want quantizers, in the order in which they are computed.</summary>
internal sealed class FlowFindings
{
    private readonly Dictionary<SyntaxNode, Addition> _additions = [];

    private readonly Dictionary<SyntaxNode, Product> _products = [];

    private readonly Dictionary<SyntaxNode, FunctionalCall> _calls = [];

    private readonly Dictionary<SyntaxNode, (Operand Operand, bool Moves, bool IsWanted)> _readers = [];

    private readonly Dictionary<IOperation, HashSet<SyntaxNode>> _uses = [];

    private readonly Dictionary<SyntaxNode, Concatenation> _concatenations = [];

    private readonly Dictionary<SyntaxNode, ModuleCall> _moduleCalls = [];

    private readonly Dictionary<SyntaxNode, IInvocationOperation> _otherProducts = [];

    private readonly Dictionary<SyntaxNode, IInvocationOperation> _unfollowed = [];

    private readonly Dictionary<SyntaxNode, IInvocationOperation> _hidden = [];

    private readonly HashSet<IMethodSymbol> _cutShort = new(SymbolEqualityComparer.Default);

    public IEnumerable<Addition> Additions => Sorted(_additions);

    public IEnumerable<Product> Products => Sorted(_products);

    public IEnumerable<FunctionalCall> Calls => Sorted(_calls);

    public IEnumerable<Concatenation> Concatenations => Sorted(_concatenations);

    public IEnumerable<ModuleCall> ModuleCalls => _moduleCalls.Values;

    /// <summary>Products of what comes from inputs by functions that no quantizer can be put into.</summary>
    public IEnumerable<IInvocationOperation> OtherProducts => Sorted(_otherProducts);

    public void Meet(IOperation operation, BinaryForm form, IOperation left, Facts leftFacts, IOperation right, Facts rightFacts)
    {
        if (!_additions.TryGetValue(operation.Syntax, out Addition addition))
        {
            _additions.Add(operation.Syntax, addition = new(operation, form, left, right));
        }

        addition.Left.Meet(leftFacts);
        addition.Right.Meet(rightFacts);
    }

    public void MeetProduct(IOperation operation, BinaryForm form, IOperation left, Facts leftFacts, IOperation right, Facts rightFacts)
    {
        if (!_products.TryGetValue(operation.Syntax, out Product product))
        {
            _products.Add(operation.Syntax, product = new(operation, form, left, right));
        }

        product.Left.Meet(leftFacts);
        product.Right.Meet(rightFacts);
    }

    public void Meet(IInvocationOperation call, FunctionalOperation operation, IReadOnlyList<IOperation> operands, Func<IOperation, Facts> factsOf)
    {
        if (!_calls.TryGetValue(call.Syntax, out FunctionalCall found))
        {
            _calls.Add(call.Syntax, found = new(call, operation, operands));
        }

        Meet(found.Operands, factsOf);
    }

    public void Meet(IInvocationOperation call, IEnumerable<IOperation> parts, Func<IOperation, Facts> factsOf)
    {
        if (!_concatenations.TryGetValue(call.Syntax, out Concatenation found))
        {
            _concatenations.Add(call.Syntax, found = new(call, parts));
        }

        Meet(found.Parts, factsOf);
    }

    /// <summary>Calls of delegates over tensors of which the code is not known.</summary>
    public IEnumerable<IInvocationOperation> UnfollowedDelegates => Sorted(_unfollowed);

    /// <summary>Methods of which not each call could be read by itself.</summary>
    public IReadOnlyCollection<IMethodSymbol> CutShortMethods => _cutShort;

    public void CutShort(IMethodSymbol method) => _cutShort.Add(method);

    /// <summary>Calls of modules that add, whose operands come in a list that is filled elsewhere.</summary>
    public IEnumerable<IInvocationOperation> HiddenAdditions => Sorted(_hidden);

    public void MeetHidden(IInvocationOperation call) => _hidden[call.Syntax] = call;

    /// <summary>Operands that want a quantizer though what reads them has none: a convolution before it would else not give integers.</summary>
    public IEnumerable<Operand> OutputReaders => Sorted(_readers)
        .Where(reader => reader.IsWanted)
        .Where(reader => !reader.Moves || (reader.Operand.Facts.Source is { } source && _uses.TryGetValue(source, out HashSet<SyntaxNode> uses) && uses.Count > 1))
        .Select(reader => reader.Operand);

    public void MeetReader(IOperation operand, Facts facts, bool moves, bool isWanted)
    {
        if (!_readers.TryGetValue(operand.Syntax, out (Operand Operand, bool Moves, bool IsWanted) found))
        {
            found = (new(operand), moves, false);
        }

        found.Operand.Meet(facts);
        _readers[operand.Syntax] = found with { IsWanted = found.IsWanted || isWanted };
    }

    /// <summary>A place reads what an operation computed.</summary>
    public void MeetUse(IOperation source, SyntaxNode place)
    {
        if (!_uses.TryGetValue(source, out HashSet<SyntaxNode> uses))
        {
            _uses.Add(source, uses = []);
        }

        uses.Add(place);
    }

    public void MeetUnfollowed(IInvocationOperation call) => _unfollowed[call.Syntax] = call;

    public void MeetOtherProduct(IInvocationOperation call) => _otherProducts[call.Syntax] = call;

    /// <summary>A call of a module that a variable holds.</summary>
    public void Meet(IInvocationOperation call, ISymbol module, Facts argument)
    {
        if (!_moduleCalls.TryGetValue(call.Syntax, out ModuleCall found))
        {
            _moduleCalls.Add(call.Syntax, found = new(call, module));
        }

        found.Argument.Meet(argument);
    }

    /// <summary>Forgets what is proven of signs, where not all could be read.</summary>
    public void ForgetSigns()
    {
        foreach (Operand operand in _additions.Values.Concat<BinaryOperation>(_products.Values).SelectMany(operation => new[] { operation.Left, operation.Right })
            .Concat(_calls.Values.SelectMany(call => call.Operands))
            .Concat(_concatenations.Values.SelectMany(found => found.Parts))
            .Concat(_readers.Values.Select(reader => reader.Operand))
            .Concat(_moduleCalls.Values.Select(call => call.Argument)))
        {
            operand.Meet(Facts.None);
        }
    }

    private static void Meet(IEnumerable<Operand> operands, Func<IOperation, Facts> factsOf)
    {
        foreach (Operand operand in operands)
        {
            operand.Meet(factsOf(operand.Operation));
        }
    }

    private static IEnumerable<T> Sorted<T>(Dictionary<SyntaxNode, T> found)
        => found.OrderBy(entry => entry.Key.Span.End).ThenBy(entry => entry.Key.Span.Length).Select(entry => entry.Value);
}
