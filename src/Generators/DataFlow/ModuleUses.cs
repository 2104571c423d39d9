using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>How the class uses the modules in its fields: whether it only calls them, or hands them on to be called elsewhere.</summary>
internal sealed class ModuleUses
{
    // What can be done with a module without calling it.
    private static readonly HashSet<string> s_harmless =
    [
        "apply", "cpu", "cuda", "Dispose", "eval", "GetName", "load", "load_state_dict", "named_buffers", "named_parameters", "parameters", "requires_grad_",
        "save", "state_dict", "to", "ToString", "train", "zero_grad",
    ];

    private static readonly HashSet<string> s_enumerating = ["children", "modules", "named_children", "named_modules"];

    private readonly Dictionary<ISymbol, List<IOperation>> _references = new(SymbolEqualityComparer.Default);

    // Children are gone through somewhere, and somewhere a module is called that is in no field.
    private readonly bool _callsUnseen;

    public ModuleUses(KnownSymbols known, IEnumerable<IOperation> bodies)
    {
        bool enumerates = false;
        bool callsOthers = false;
        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            switch (operation)
            {
                case IFieldReferenceOperation field when known.IsModule(field.Type): Note(field.Field.OriginalDefinition, field); break;
                case IPropertyReferenceOperation { Arguments.IsEmpty: true } property when known.IsModule(property.Type): Note(property.Property.OriginalDefinition, property); break;
                case IInvocationOperation call when known.IsModule(call.Instance?.Type):
                    enumerates |= s_enumerating.Contains(call.TargetMethod.Name);
                    IOperation? receiver = call.Instance is IConditionalAccessInstanceOperation access ? ConditionalAccess.Receiver(access) : call.Instance;
                    callsOthers |= call.TargetMethod.Name is "call" or "forward"
                        && receiver is not (IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true } or IInstanceReferenceOperation);
                    break;
            }
        }

        _callsUnseen = enumerates && callsOthers;
    }

    /// <summary>Whether the class does nothing with the module in a field but these calls, and what calls nothing.</summary>
    public bool AreCallsOnly(ISymbol symbol, IEnumerable<IInvocationOperation> calls)
    {
        HashSet<IOperation> known = [.. calls];
        return !_callsUnseen && (!_references.TryGetValue(symbol, out List<IOperation> references) || references.All(reference => IsHarmless(reference, known)));
    }

    private void Note(ISymbol symbol, IOperation reference)
    {
        if (!_references.TryGetValue(symbol, out List<IOperation> references))
        {
            _references.Add(symbol, references = []);
        }

        references.Add(reference);
    }

    private static bool IsHarmless(IOperation reference, HashSet<IOperation> calls) => reference.Parent switch
    {
        IInvocationOperation call when call.Instance == reference => calls.Contains(call) || s_harmless.Contains(call.TargetMethod.Name),
        IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true } => true,
        IAssignmentOperation assignment => assignment.Target == reference || assignment.Target is IDiscardOperation,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation assignment } tuple => assignment.Target == tuple,
        IConditionalAccessOperation access when access.Operation == reference => access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().All(instance => IsHarmless(instance, calls)),
        IConversionOperation conversion => IsHarmless(conversion, calls),
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "register_module" } } => true,
        INameOfOperation or IIsPatternOperation or IIsTypeOperation => true,
        IBinaryOperation { OperatorMethod: null } => true,
        _ => false,
    };
}
