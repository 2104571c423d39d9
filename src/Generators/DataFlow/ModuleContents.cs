using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>What the class assigns to its fields, properties and locals of modules, and what it puts into containers.</summary>
internal sealed class ModuleContents
{
    private readonly KnownSymbols _known;
    private readonly Dictionary<ISymbol, List<IOperation>> _assigned = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IOperation, ISymbol> _targets = [];
    private readonly HashSet<ISymbol> _filled = new(SymbolEqualityComparer.Default);

    public ModuleContents(KnownSymbols known, IEnumerable<IOperation> bodies)
    {
        _known = known;
        foreach (IOperation operation in bodies.SelectMany(body => body.DescendantsAndSelf()))
        {
            switch (operation)
            {
                case ISimpleAssignmentOperation assignment: Note(Referenced(assignment.Target), assignment.Value); break;
                case ICoalesceAssignmentOperation assignment: Note(Referenced(assignment.Target), assignment.Value); break;
                case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator: Note(declarator.Symbol, value); break;
                case IFieldInitializerOperation initializer: Note(initializer.InitializedFields.FirstOrDefault(), initializer.Value); break;
                case IPropertyInitializerOperation initializer: Note(initializer.InitializedProperties.FirstOrDefault(), initializer.Value); break;
                case IDeconstructionAssignmentOperation assignment: NoteParts(assignment.Target, assignment.Value); break;
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument: NoteUnknown(argument.Value); break;
                case IInvocationOperation call: NoteFilled(call); break;
            }
        }
    }

    /// <summary>The field, property or local that takes a value, or <see langword="null"/>.</summary>
    public ISymbol? TargetOf(IOperation value) => _targets.TryGetValue(value, out ISymbol target) ? target : null;

    /// <summary>What the class assigns to a field, a property or a local.</summary>
    public IReadOnlyList<IOperation> Assigned(ISymbol symbol) => _assigned.TryGetValue(symbol.OriginalDefinition, out List<IOperation> values) ? values : [];

    /// <summary>Whether a container may get more than it is made with, or a variable what is not seen.</summary>
    public bool IsFilled(ISymbol symbol) => _filled.Contains(symbol);

    /// <summary>The modules that a container is made of, in order, or <see langword="null"/> where they come in a list that is filled elsewhere.</summary>
    public IReadOnlyList<IOperation>? Parts(IOperation container)
    {
        List<IOperation> parts = [];
        return container.ChildOperations.All(child => Collect(child, parts)) ? parts : null;
    }

    private bool Collect(IOperation operation, List<IOperation> parts)
    {
        switch (operation)
        {
            case { Type: { } type } when _known.IsModule(type):
                parts.Add(operation);
                return true;

            case IConversionOperation or IArgumentOperation or ITupleOperation or IArrayInitializerOperation or ICollectionExpressionOperation:
                return operation.ChildOperations.All(child => Collect(child, parts));

            // Its other children are its sizes.
            case IArrayCreationOperation { Initializer: { } elements }:
                return Collect(elements, parts);

            default:
                return operation.Type is { SpecialType: SpecialType.System_String };
        }
    }

    public static bool IsContainer(ITypeSymbol type) => type.Name is "Sequential" or "ModuleList" or "ModuleDict";

    /// <summary>Whether a type is a layer of TorchSharp, not a container of modules.</summary>
    public static bool IsLeaf(ITypeSymbol type)
        => !IsContainer(type) && type.ContainingNamespace is { Name: "Modules", ContainingNamespace.Name: "TorchSharp" };

    /// <summary>The field, property or local that an expression is, or <see langword="null"/>.</summary>
    public static ISymbol? Referenced(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Arguments.IsEmpty: true } property => property.Property.OriginalDefinition,
        IConversionOperation conversion => Referenced(conversion.Operand),
        _ => null,
    };

    /// <summary>A container gets more by <c>layers.append(module)</c>, and may by <c>MakeLayer(layers, …)</c>.</summary>
    private void NoteFilled(IInvocationOperation call)
    {
        bool holds = call.Instance?.Type is { } type && IsContainer(type) && call.Arguments.Any(argument => _known.IsModule(argument.Value.Type) || argument.Value is IConversionOperation);
        IEnumerable<IOperation> filled = KnownSymbols.Same(call.TargetMethod.ContainingType, _known.Nn) ? [] : call.Arguments.Select(argument => argument.Value);
        foreach (IOperation container in holds ? filled.Append(call.Instance!) : filled)
        {
            if (container.Type is { } given && IsContainer(given) && Referenced(container) is { } symbol)
            {
                _filled.Add(symbol);
            }
        }
    }

    /// <summary>The parts of <c>(a, b) = (Linear(2, 2), ReLU())</c>.</summary>
    private void NoteParts(IOperation target, IOperation value)
    {
        target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        value = value is IConversionOperation { Operand: ITupleOperation tuple } ? tuple : value;
        if (target is not ITupleOperation targets)
        {
            Note(Referenced(target), value);
        }
        else if (value is ITupleOperation values && values.Elements.Length == targets.Elements.Length)
        {
            for (int i = 0; i < targets.Elements.Length; i++)
            {
                NoteParts(targets.Elements[i], values.Elements[i]);
            }
        }
        else
        {
            NoteUnknown(target);
        }
    }

    private void NoteUnknown(IOperation target) => _filled.UnionWith(target.DescendantsAndSelf().Select(Referenced).OfType<ISymbol>());

    private void Note(ISymbol? symbol, IOperation value)
    {
        if (symbol is null || !(_known.IsModule(value.Type) || value is IConversionOperation))
        {
            return;
        }

        if (!_assigned.TryGetValue(symbol, out List<IOperation> values))
        {
            _assigned.Add(symbol, values = []);
        }

        values.Add(value);
        _targets[value] = symbol;
    }
}
