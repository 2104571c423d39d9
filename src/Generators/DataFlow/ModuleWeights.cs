using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>How many weighted layers a module holds, as far as the class itself tells.</summary>
/// <remarks>
/// A layer of TorchSharp is known by its type, a <c>Sequential</c> by what the class puts into it. A module of which
/// nothing is known may hold weights and counts as one layer.
/// </remarks>
internal sealed class ModuleWeights
{
    private const int Unknown = 1;

    private readonly KnownSymbols _known;
    private readonly Dictionary<ISymbol, List<IOperation>> _assigned = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, int> _counts = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _filled = new(SymbolEqualityComparer.Default);

    public ModuleWeights(KnownSymbols known, IEnumerable<IOperation> bodies)
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
                case IInvocationOperation call: NoteFilled(call); break;
            }
        }
    }

    /// <summary>The weighted layers of the module that an expression gives.</summary>
    public int Of(IOperation? module)
    {
        while (module is IConversionOperation conversion)
        {
            module = conversion.Operand;
        }

        if (module?.Type is { } type && IsLeaf(type))
        {
            return WeightedLayers.IsModule(type.Name) ? 1 : 0;
        }

        if (module is not null && Referenced(module) is { } symbol && _assigned.TryGetValue(symbol, out List<IOperation> values))
        {
            if (!_counts.TryGetValue(symbol, out int count))
            {
                // While a module is counted, a reference to it from its own content counts nothing.
                _counts[symbol] = 0;
                count = Math.Max(values.Max(Content), _filled.Contains(symbol) ? Unknown : 0);
                _counts[symbol] = count;
            }

            return count;
        }

        return module is IInvocationOperation or IObjectCreationOperation ? Content(module) : Unknown;
    }

    /// <summary>What the class assigns to a field, a property or a local.</summary>
    public IReadOnlyList<IOperation> Assigned(ISymbol symbol) => _assigned.TryGetValue(symbol.OriginalDefinition, out List<IOperation> values) ? values : [];

    private int Content(IOperation value)
    {
        switch (value)
        {
            case ILiteralOperation or IDefaultValueOperation:
                return 0;

            case IConversionOperation conversion:
                return Content(conversion.Operand);

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Math.Max(Content(conditional.WhenTrue), Content(whenFalse));

            case ICoalesceOperation coalesce:
                return Math.Max(Content(coalesce.Value), Content(coalesce.WhenNull));

            case IInvocationOperation { TargetMethod: { IsStatic: true } factory } call when KnownSymbols.Same(factory.ContainingType, _known.Nn):
                return IsContainer(factory.ReturnType) ? Parts(call) : WeightedLayers.IsModule(factory.Name) ? 1 : 0;

            case IObjectCreationOperation { Type: { } type } creation when IsContainer(type):
                return Parts(creation);

            default:
                return _known.IsModule(value.Type) ? Of(value is IInvocationOperation or IObjectCreationOperation ? null : value) : Parts(value);
        }
    }

    /// <summary>The weighted layers among the arguments of a container; a list that was filled elsewhere may hold one.</summary>
    private int Parts(IOperation container)
    {
        int count = 0;
        foreach (IOperation part in container.ChildOperations)
        {
            count += part switch
            {
                _ when _known.IsModule(part.Type) => Content(part),
                ILocalReferenceOperation or IFieldReferenceOperation or IParameterReferenceOperation when !IsPlain(part.Type) => Unknown,
                _ => Parts(part),
            };
        }

        return count;
    }

    private static bool IsPlain(ITypeSymbol? type) => type is null or { IsValueType: true, IsTupleType: false } or { SpecialType: SpecialType.System_String };

    private static bool IsContainer(ITypeSymbol type) => type.Name is "Sequential" or "ModuleList" or "ModuleDict";

    /// <summary>Whether a type is a layer of TorchSharp, not a container of modules.</summary>
    public static bool IsLeaf(ITypeSymbol type)
        => !IsContainer(type) && type.ContainingNamespace is { Name: "Modules", ContainingNamespace.Name: "TorchSharp" };

    private static ISymbol? Referenced(IOperation operation) => operation switch
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
    }
}
