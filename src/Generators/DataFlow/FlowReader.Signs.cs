using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <content>
/// Which values are proven not to be negative. Every way to a place counts: a loop is read until nothing more is lost, and what may be changed
/// unseen, by code of others, in place or from inside another function, is not proven.
/// </content>
internal sealed partial class FlowReader
{
    // Variables that a lambda or a local function changes while it runs, whenever that is.
    private readonly HashSet<ISymbol> _changedInside = new(SymbolEqualityComparer.Default);

    // Where a break or continue leaves a loop or a switch.
    private readonly List<Flow> _leaving = [];

    // Methods, local functions and lambdas that may be called with anything.
    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);

    // Those of them that were read so.
    private readonly HashSet<ISymbol> _readOpen = new(SymbolEqualityComparer.Default);

    // After a goto a variable may be what it is anywhere, and a ref local changes another variable.
    private bool _provesSigns = true;

    // A loop that loses something in each turn is read as often as this; then it loses all.
    private const int MostTurns = 5;

    // How often something was forgotten.
    private int _forgotten;

    // Delegates that are assigned more than once.
    private readonly HashSet<ISymbol> _reassigned = new(SymbolEqualityComparer.Default);

    private void PrepareSigns(IEnumerable<IOperation> bodies, IEnumerable<IOperation> others)
    {
        foreach (IOperation operation in others.SelectMany(body => body.DescendantsAndSelf()))
        {
            if (((operation as IInvocationOperation)?.TargetMethod ?? (operation as IMethodReferenceOperation)?.Method) is { } method)
            {
                _open.Add(method.OriginalDefinition);
            }
        }

        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            _provesSigns &= operation is not IBranchOperation { BranchKind: BranchKind.GoTo } and not IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } && !ChangesElsewhere(operation);
            if (operation is IAssignmentOperation { Target: ILocalReferenceOperation { Local: { Type.TypeKind: TypeKind.Delegate } local } })
            {
                _reassigned.Add(local);
            }

            IOperation? changed = operation switch
            {
                IAssignmentOperation assignment => assignment.Target,
                IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => argument.Value,
                IInvocationOperation { Instance: { } instance } call when IsInPlace(call.TargetMethod) => instance,
                _ => null,
            };
            foreach (IOperation target in changed is null ? [] : changed.DescendantsAndSelf())
            {
                if (Root(target) is { } symbol && !KnownSymbols.Same(symbol.ContainingSymbol, FunctionOf(operation) ?? symbol.ContainingSymbol))
                {
                    _changedInside.Add(symbol);
                }
            }
        }
    }

    /// <summary>A lambda that changes a tensor may be called by code of others, with a tensor that a variable here shares.</summary>
    private bool ChangesElsewhere(IOperation operation)
        => operation is IInvocationOperation { TargetMethod: var method } call && IsInPlace(method) && _known.IsTensor(call.Instance?.Type)
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

    /// <summary>Sets a variable. Of a list, which several variables may share, no sign is proven.</summary>
    private void Set(ISymbol symbol, Facts facts)
    {
        ITypeSymbol? type = (symbol as ILocalSymbol)?.Type ?? (symbol as IParameterSymbol)?.Type;
        facts = symbol is ILocalSymbol && MaskNames.IsMaskLocal(symbol.Name) ? Facts.None with { IsNonNegative = facts.IsNonNegative } : facts;
        _flow[symbol] = facts with { IsNonNegative = facts.IsNonNegative && _known.IsTensor(type) && !_changedInside.Contains(symbol) };
    }

    private static Facts Constant(object? value) => Facts.None with
    {
        IsNonNegative = value switch
        {
            int number => number >= 0,
            long number => number >= 0,
            float number => number >= 0,
            double number => number >= 0,
            _ => false,
        },
    };

    /// <summary>Whether the result of a function of torch, or of a method of a tensor, is proven.</summary>
    private bool IsNonNegative(IInvocationOperation call, bool onTensor, Facts receiver)
    {
        string name = call.TargetMethod.Name;
        List<IArgumentOperation> given = [.. call.Arguments.Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && IsValue(argument.Parameter))];
        bool AreNonNegative(IEnumerable<IArgumentOperation> arguments) => arguments.All(argument => FactsOf(argument.Value).IsNonNegative);
        if (TorchOperations.Of(name).Clamps)
        {
            IEnumerable<IArgumentOperation> bounds = given.Where(argument => onTensor || argument.Parameter!.Ordinal > 0);
            return bounds.Any(argument => argument.Parameter!.Name == "min") && AreNonNegative(bounds);
        }

        return TorchOperations.Of(name).Combines ? (!onTensor || receiver.IsNonNegative) && AreNonNegative(given) : TorchOperations.Of(name).Sign switch
        {
            SignEffect.Establishes => true,
            SignEffect.Preserves => onTensor ? receiver.IsNonNegative : AreNonNegative(given.Where(argument => argument.Parameter!.Ordinal == 0)) && given.Count > 0,
            _ => false,
        };
    }

    /// <summary>Whether a parameter takes numbers to compute with, not sizes or dimensions.</summary>
    private bool IsValue(IParameterSymbol? parameter)
        => parameter is { Type: { } type } && (_known.IsTensor(type) || type.Name == "Scalar" || ElementOf(type) is { } element && _known.IsTensor(element));

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element] } => element,
        _ => null,
    };

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

    private static bool IsInPlace(IMethodSymbol method) => method.Name.Length > 1 && method.Name[method.Name.Length - 1] == '_';

    private static bool TakesInPlace(IMethodSymbol method) => method.Parameters.Any(parameter => parameter.Name == "inplace");

    /// <summary>Whether a class that derives may put another method in the place of this one.</summary>
    private static bool IsReplaceable(IMethodSymbol method) => (method.IsVirtual || method.IsAbstract || (method.IsOverride && !method.IsSealed)) && !method.ContainingType.IsSealed;
}
