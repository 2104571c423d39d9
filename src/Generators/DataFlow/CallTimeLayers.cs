using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>
/// Finds modules that are made each time a tensor comes by, as by a detector that fuses a convolution with its norm in every evaluation: quantizers in
/// them would be new at each call, and never calibrated.
/// </summary>
/// <remarks>
/// What runs at each call are methods and lambdas that take tensors, and the methods of the class that they call. A module that they put into a
/// member of the model stays, and is no such module.
/// </remarks>
internal sealed class CallTimeLayers
{
    private readonly KnownSymbols _known;
    private readonly IReadOnlyDictionary<IMethodSymbol, IOperation> _methods;
    private readonly HashSet<SyntaxNode> _made = [];

    private CallTimeLayers(KnownSymbols known, IReadOnlyDictionary<IMethodSymbol, IOperation> methods) => (_known, _methods) = (known, methods);

    /// <param name="known">TorchSharp's symbols.</param>
    /// <param name="methods">The methods and accessors of the class and of the classes nested in it.</param>
    /// <param name="initialization">Their constructors and initialisers, in which a lambda may take tensors.</param>
    public static ISet<SyntaxNode> Find(KnownSymbols known, IReadOnlyDictionary<IMethodSymbol, IOperation> methods, IEnumerable<IOperation> initialization)
    {
        CallTimeLayers layers = new(known, methods);
        Queue<IOperation> left = new(methods.Where(method => layers.TakesTensor(method.Key)).Select(method => method.Value)
            .Concat(initialization.Concat(methods.Values).SelectMany(body => body.DescendantsAndSelf()).OfType<IAnonymousFunctionOperation>()
                .Where(lambda => layers.TakesTensor(lambda.Symbol)).Select(lambda => lambda.Body)));
        HashSet<IOperation> read = [];
        while (left.Count > 0)
        {
            if (left.Dequeue() is var body && read.Add(body))
            {
                layers.Read(body, left);
            }
        }

        return layers._made;
    }

    private void Read(IOperation body, Queue<IOperation> left)
    {
        foreach (IOperation operation in body.DescendantsAndSelf())
        {
            IMethodSymbol? called = operation switch
            {
                IInvocationOperation call => call.TargetMethod,
                IPropertyReferenceOperation property => property.Property.GetMethod,
                _ => null,
            };
            if (operation is IInvocationOperation factory && KnownSymbols.Same(factory.TargetMethod.ContainingType, _known.Nn) && _known.IsModule(factory.Type))
            {
                if (!IsKept(operation, body))
                {
                    _made.Add(operation.Syntax);
                }
            }
            else if (called is not null && _methods.TryGetValue(called.OriginalDefinition, out IOperation inner) && !IsKept(operation, body))
            {
                left.Enqueue(inner);
            }
        }
    }

    /// <summary>Whether a module goes on to be a part of the model.</summary>
    private bool IsKept(IOperation value, IOperation body)
    {
        IOperation at = value;
        while (at.Parent is { } parent && IsPassedOn(parent))
        {
            at = parent;
        }

        return at.Parent switch
        {
            IAssignmentOperation assignment => assignment.Value == at && IsMember(assignment.Target),

            // layers.Add(Linear(2, 2)), register_module("head", Linear(2, 2))
            IArgumentOperation { Parent: IInvocationOperation { Instance: { } holder } } => holder is IInstanceReferenceOperation || IsMember(holder),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }
                => body.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Any(reference => KnownSymbols.Same(reference.Local, local) && IsKept(reference, body)),
            _ => false,
        };
    }

    private bool IsPassedOn(IOperation parent) => parent switch
    {
        IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or ITupleOperation => true,
        ISwitchExpressionArmOperation or ISwitchExpressionOperation or IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation => true,
        IArgumentOperation { Parent: IInvocationOperation call } => KnownSymbols.Same(call.TargetMethod.ContainingType, _known.Nn),
        IInvocationOperation call => KnownSymbols.Same(call.TargetMethod.ContainingType, _known.Nn),
        _ => false,
    };

    private static bool IsMember(IOperation target) => target switch
    {
        IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true } => true,
        IPropertyReferenceOperation { Instance: { } instance } => IsMember(instance),
        IArrayElementReferenceOperation element => IsMember(element.ArrayReference),
        IConversionOperation conversion => IsMember(conversion.Operand),
        ITupleOperation tuple => tuple.Elements.Any(IsMember),
        _ => false,
    };

    private bool TakesTensor(IMethodSymbol method)
        => method.MethodKind != MethodKind.Constructor && method.Parameters.Any(parameter => MentionsTensor(parameter.Type));

    private bool MentionsTensor(ITypeSymbol type) => _known.IsTensor(type) || type switch
    {
        IArrayTypeSymbol array => MentionsTensor(array.ElementType),
        INamedTypeSymbol named => !_known.IsModule(named) && named.DelegateInvokeMethod is null && named.TypeArguments.Any(MentionsTensor),
        _ => false,
    };
}
