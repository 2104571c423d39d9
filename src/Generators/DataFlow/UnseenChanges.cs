using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>What a walk in the order of the text does not see: code that runs at another time, or with anything.</summary>
internal sealed class UnseenChanges
{
    private readonly KnownSymbols _known;
    private readonly HashSet<ISymbol> _changedInside = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _reassigned = new(SymbolEqualityComparer.Default);

    /// <param name="bodies">The methods of the class.</param>
    /// <param name="others">Constructors, initialisers and other classes, which may call these methods with anything.</param>
    /// <param name="known">TorchSharp's symbols.</param>
    public UnseenChanges(IEnumerable<IOperation> bodies, IEnumerable<IOperation> others, KnownSymbols known)
    {
        _known = known;
        foreach (IOperation operation in others.SelectMany(body => body.DescendantsAndSelf()))
        {
            if (((operation as IInvocationOperation)?.TargetMethod ?? (operation as IMethodReferenceOperation)?.Method) is { } method)
            {
                Open(method.OriginalDefinition);
            }
        }

        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            Read(operation);
        }
    }

    /// <summary>
    /// Whether signs can be proven at all: after a goto a variable may be what it is anywhere, and a ref local changes another variable.
    /// </summary>
    public bool ProvesSigns { get; private set; } = true;

    /// <summary>Whether a lambda or a local function changes the variable while it runs, whenever that is.</summary>
    public bool AreInside(ISymbol variable) => _changedInside.Contains(variable);

    /// <summary>Whether a method, a local function or a lambda may be called with anything.</summary>
    public bool IsOpen(ISymbol function) => _open.Contains(function);

    /// <summary>Whether a delegate is assigned more than once.</summary>
    public bool IsReassigned(ISymbol variable) => _reassigned.Contains(variable);

    /// <summary>From here on a function may be called with anything.</summary>
    public void Open(ISymbol function) => _open.Add(function);

    /// <summary>Whether a class that derives may put another method in the place of this one.</summary>
    public static bool IsReplaceable(IMethodSymbol method) => (method.IsVirtual || method.IsAbstract || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed;

    private void Read(IOperation operation)
    {
        ProvesSigns &= operation is not IBranchOperation { BranchKind: BranchKind.GoTo } and not IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } && !ChangesElsewhere(operation);
        if (operation is IAssignmentOperation { Target: ILocalReferenceOperation { Local: { Type.TypeKind: TypeKind.Delegate } local } })
        {
            _reassigned.Add(local);
        }

        IOperation? changed = operation switch
        {
            IAssignmentOperation assignment => assignment.Target,
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument.Value,
            IInvocationOperation { Instance: { } instance } call when InPlace.IsNamedSo(call.TargetMethod) => instance,
            _ => null,
        };
        foreach (IOperation target in changed is null ? [] : changed.DescendantsAndSelf())
        {
            if (FlowReader.Root(target) is { } symbol && !KnownSymbols.Same(symbol.ContainingSymbol, FunctionOf(operation) ?? symbol.ContainingSymbol))
            {
                _changedInside.Add(symbol);
            }
        }
    }

    /// <summary>A lambda that changes a tensor may be called by code of others, with a tensor that a variable here shares.</summary>
    private bool ChangesElsewhere(IOperation operation)
        => operation is IInvocationOperation { TargetMethod: var method } call && InPlace.IsNamedSo(method) && _known.IsTensor(call.Instance?.Type)
            && TorchOperations.Of(method.Name).Sign != SignEffect.Establishes && FunctionOf(operation) is { MethodKind: MethodKind.AnonymousFunction };

    /// <summary>The lambda or local function that an operation is in.</summary>
    private static IMethodSymbol? FunctionOf(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return (at as IAnonymousFunctionOperation)?.Symbol ?? ((ILocalFunctionOperation)at).Symbol;
            }
        }

        return null;
    }
}
