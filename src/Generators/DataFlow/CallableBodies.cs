using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <summary>Which code of the class a call runs: a method's, a local function's, or a lambda's in a variable that is known to hold it.</summary>
internal sealed class CallableBodies
{
    private readonly IReadOnlyDictionary<IMethodSymbol, IOperation> _methods;
    private readonly Dictionary<ISymbol, IOperation> _functions = new(SymbolEqualityComparer.Default);
    private readonly HashSet<IOperation> _entered = [];

    /// <param name="methods">The methods of the class.</param>
    /// <param name="bodies">All code of the class, for the delegates in its fields.</param>
    public CallableBodies(IReadOnlyDictionary<IMethodSymbol, IOperation> methods, IReadOnlyCollection<IOperation> bodies)
    {
        _methods = methods;
        NoteFields(bodies);
    }

    /// <summary>The local functions and lambdas that were met.</summary>
    public IEnumerable<IOperation> Functions => _functions.Values;

    /// <summary>Whether it is a method of the class, which sees nothing but what it is given and the fields.</summary>
    public bool IsClosed(IMethodSymbol method) => _methods.ContainsKey(method);

    /// <summary>Whether a variable holds a lambda that is known.</summary>
    public IMethodSymbol? LambdaIn(ISymbol variable)
        => _functions.TryGetValue(variable, out IOperation function) ? (function as IAnonymousFunctionOperation)?.Symbol : null;

    /// <summary>The local functions of a body that is going to be read: they can be called before the place where they stand.</summary>
    public void NoteLocalFunctions(IOperation body)
    {
        if (_entered.Add(body))
        {
            foreach (ILocalFunctionOperation function in body.DescendantsAndSelf().OfType<ILocalFunctionOperation>())
            {
                Note(function.Symbol, function);
            }
        }
    }

    /// <summary>A local function or a lambda is met.</summary>
    public void Note(ISymbol symbol, IOperation function) => _functions[symbol] = function;

    /// <summary>The code that a call runs; null where that is not the class's.</summary>
    public (IMethodSymbol Symbol, IOperation Operation)? BodyOf(IMethodSymbol method, IOperation? instance)
    {
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            // A field that is set once, to a lambda, is as good as a local.
            ISymbol? holder = instance is IFieldReferenceOperation { Field: var field } ? field.OriginalDefinition : FlowReader.Root(instance);
            return holder is { } local && _functions.TryGetValue(local, out IOperation held) && held is IAnonymousFunctionOperation lambda
                ? (lambda.Symbol, lambda.Body)
                : null;
        }

        if (_functions.TryGetValue(method, out IOperation function))
        {
            return (method, BodyOf(function));
        }

        IMethodSymbol declared = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        return instance is null or IInstanceReferenceOperation && _methods.TryGetValue(declared, out IOperation body)
            ? (declared, body)
            : null;
    }

    /// <summary>A variable gets a value, perhaps a lambda.</summary>
    public void NoteFunction(ISymbol local, IOperation? value)
    {
        while (value is IConversionOperation or IDelegateCreationOperation)
        {
            value = value is IConversionOperation conversion ? conversion.Operand : ((IDelegateCreationOperation)value).Target;
        }

        if (value is IAnonymousFunctionOperation lambda)
        {
            _functions[local] = lambda;
        }
    }

    /// <summary>The symbol of a local function or a lambda.</summary>
    public static IMethodSymbol? SymbolOf(IOperation function) => (function as ILocalFunctionOperation)?.Symbol ?? (function as IAnonymousFunctionOperation)?.Symbol;

    /// <summary>The code in a local function or a lambda.</summary>
    public static IOperation BodyOf(IOperation function) => function switch
    {
        ILocalFunctionOperation local => (IOperation?)local.Body ?? local,
        IAnonymousFunctionOperation lambda => lambda.Body,
        _ => function,
    };

    /// <summary>Delegates in private fields that are set once, to a lambda, are followed as those in locals are.</summary>
    private void NoteFields(IReadOnlyCollection<IOperation> bodies)
    {
        Dictionary<ISymbol, List<IOperation?>> set = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            (ISymbol? field, IOperation? value) = operation switch
            {
                IFieldInitializerOperation { InitializedFields: [var first, ..] } initializer => ((ISymbol?)first, (IOperation?)initializer.Value),
                IAssignmentOperation { Target: IFieldReferenceOperation target } assignment => (target.Field.OriginalDefinition, assignment.Value),
                IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: IFieldReferenceOperation target } => (target.Field.OriginalDefinition, null),
                _ => default((ISymbol?, IOperation?)),
            };
            if (field is IFieldSymbol { Type.TypeKind: TypeKind.Delegate } found && (found.DeclaredAccessibility == Accessibility.Private || found.IsReadOnly))
            {
                if (!set.TryGetValue(field, out List<IOperation?> values))
                {
                    set.Add(field, values = []);
                }

                values.Add(value);
            }
        }

        foreach (KeyValuePair<ISymbol, List<IOperation?>> entry in set.Where(entry => entry.Value.Count == 1))
        {
            NoteFunction(entry.Key, entry.Value[0]);
        }
    }
}
