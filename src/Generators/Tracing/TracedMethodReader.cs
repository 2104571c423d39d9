using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>Reads one method that is to be printed once more over traced tensors: the edits, or the operations that stand against it.</summary>
internal sealed partial class TracedMethodReader
{
    private readonly ISet<IOperation> _quantized;
    private readonly ISet<IOperation> _replaced;
    private readonly RewriteContext _context;
    private readonly TracedTypes _types;
    private readonly TracedValues _values;
    private readonly EditList _edits;

    private TracedMethodReader(ISet<IOperation> quantized, ISet<IOperation> replaced, RewriteContext context, TracedTypes types, EditList edits)
        => (_quantized, _replaced, _context, _types, _values, _edits) = (quantized, replaced, context, types, new(context.Known, types), edits);

    /// <summary>What cannot be traced: where, and why.</summary>
    public List<Obstacle> Obstacles { get; } = [];

    /// <summary>The methods of the class that this one needs traced as well, and where it calls them.</summary>
    public List<(IMethodSymbol Method, SyntaxNode Place)> Needs { get; } = [];

    public static TracedMethodReader Read(
        MethodDeclarationSyntax method, IOperation? body, ISet<IOperation> quantized, ISet<IOperation> replaced, RewriteContext context, TracedTypes types, EditList edits)
    {
        TracedMethodReader reader = new(quantized, replaced, context, types, edits);
        if (!BalancedDirectives.Hold(method))
        {
            reader.Obstacles.Add(new(method, "it starts or ends inside a conditional directive (#if)"));
        }

        TracedNames.Rewrite(method, context, types, edits);
        foreach (IOperation operation in body?.DescendantsAndSelf() ?? [])
        {
            context.Cancellation.ThrowIfCancellationRequested();
            reader.Visit(operation);
            if (quantized.Contains(operation) && !reader._values.IsTraced(operation))
            {
                TracedConstant.WriteInside(operation.Syntax, context, types, edits);
            }
        }

        return reader;
    }

    private void Visit(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call when _replaced.Contains(call): break;
            case IInvocationOperation call: VisitCall(call); break;
            case IMethodReferenceOperation reference: VisitReference(reference); break;
            case IPropertyReferenceOperation property when _context.Known.IsTensor(property.Instance?.Type) && _values.IsTraced(property.Instance):
                Require(TracedLookup.Has(property, _types), property.Syntax, property.Property.IsIndexer ? "an index of these types" : $"a property '{property.Property.Name}'");
                break;

            case IBinaryOperation { OperatorMethod: { } method } binary when _values.IsTraced(binary): RequireOperator(method, binary.Syntax); break;
            case IUnaryOperation { OperatorMethod: { } method } unary when _values.IsTraced(unary): RequireOperator(method, unary.Syntax); break;
            case ICompoundAssignmentOperation { OperatorMethod: { } method } compound when _context.Known.IsTensor(compound.Type): RequireOperator(method, compound.Syntax); break;
            case IConversionOperation { OperatorMethod: { } method, Parent: var parent } constant
                when TakesValue(parent) && KnownSymbols.Same(method.ReturnType, _context.Known.Tensor) && !_context.Known.IsTensor(constant.Operand.Type):
                Require(_types.Fits(constant.Operand.Type, _types.Symbols.Tensor), constant.Syntax, $"a conversion of '{constant.Operand.Type?.ToDisplayString()}'");
                break;

            case IConversionOperation { OperatorMethod: { } method } conversion when _values.IsTraced(conversion.Operand) && _context.Known.IsTensor(conversion.Operand.Type):
                RequireOperator(method, conversion.Syntax);
                break;

            case IDeconstructionAssignmentOperation assignment when _values.IsTraced(assignment.Value): VisitDeconstruction(assignment); break;
            case IAssignmentOperation assignment when IsUntraced(assignment.Target) && _values.IsTraced(assignment.Value): HoldsTraced(assignment.Syntax); break;
            case IPropertyReferenceOperation { Arguments.IsEmpty: false } indexer
                when !_context.Known.IsTensor(indexer.Instance?.Type) && !_values.IsTraced(indexer.Instance) && indexer.Arguments.Any(argument => _values.IsTraced(argument.Value)):
                Obstacles.Add(new(indexer.Syntax, "an indexer takes tensors that are not traced"));
                break;

            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda, Type: { } type } when NamesTensor(lambda.Symbol) && !_types.Mentions(type):
                Obstacles.Add(new(lambda.Syntax, $"'{type.Name}' is a delegate over tensors that are not traced"));
                break;

            case IVariableDeclaratorOperation declarator: VisitLocal(declarator); break;
            case IObjectCreationOperation { Constructor: { } constructor } creation when NamesTensor(constructor) && creation.Arguments.Any(a => _values.IsTraced(a.Value)):
                Obstacles.Add(new(creation.Syntax, $"'{constructor.ContainingType.Name}' takes a tensor that is not traced"));
                break;
        }
    }

    /// <summary>Whether what is written in a place becomes the value of it, so that a number there becomes a tensor.</summary>
    private bool TakesValue(IOperation? place) => place switch
    {
        ICollectionExpressionOperation or IArrayInitializerOperation or IVariableInitializerOperation or ISimpleAssignmentOperation or IReturnOperation
            or ITupleOperation or IConditionalOperation or ICoalesceOperation or ISwitchExpressionArmOperation => true,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } => method.MethodKind == MethodKind.LocalFunction || _context.IsInside(method.ContainingType),
        _ => false,
    };

    /// <summary>Whether a place goes on to hold tensors: a field, an element of one, a property.</summary>
    private bool IsUntraced(IOperation place) => place is not (ITupleOperation or IDeclarationExpressionOperation or IDiscardOperation) && _types.Mentions(place.Type) && !_values.IsTraced(place);

    private void VisitDeconstruction(IDeconstructionAssignmentOperation assignment)
    {
        IOperation target = assignment.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : assignment.Target;
        IOperation value = assignment.Value is IConversionOperation conversion ? conversion.Operand : assignment.Value;
        if (_context.Known.IsTensor(value.Type))
        {
            Obstacles.Add(new(assignment.Syntax, "a tensor that is not traced would be deconstructed"));
        }

        for (int i = 0; target is ITupleOperation { Elements: var targets } && i < targets.Length; i++)
        {
            if (targets[i].DescendantsAndSelf().Any(IsUntraced) && targets[i] is not IDeclarationExpressionOperation)
            {
                HoldsTraced(assignment.Syntax);
            }
            else if (value is ITupleOperation { Elements: var values } && i < values.Length && _context.Known.IsTensor(targets[i].Type))
            {
                Require(_types.Fits(values[i].Type, _types.Symbols.Tensor), values[i].Syntax, $"a conversion of '{values[i].Type?.ToDisplayString()}'");
            }
        }
    }

    private void HoldsTraced(SyntaxNode place) => Obstacles.Add(new(place, "a member of the model would have to hold a traced tensor"));

    /// <summary>A local that starts with a constant can hold a traced tensor later: <c>var</c> becomes the traced type.</summary>
    private void VisitLocal(IVariableDeclaratorOperation declarator)
    {
        if (!_types.Mentions(declarator.Symbol.Type) || declarator.Initializer?.Value is not { } value || _values.IsTraced(value) || IsCollectionExpression(value))
        {
            return;
        }

        if (!KnownSymbols.Same(declarator.Symbol.Type, _context.Known.Tensor))
        {
            Obstacles.Add(new(declarator.Syntax, $"'{declarator.Symbol.Name}' holds tensors that are not traced"));
        }
        else if (declarator.Syntax.Parent is VariableDeclarationSyntax { Type: IdentifierNameSyntax { IsVar: true } type })
        {
            _edits.Replace(type.Span, _context.Short(_types.Symbols.Tensor, type));
        }
    }

    /// <summary>Its type is that of the local, which is written out.</summary>
    private static bool IsCollectionExpression(IOperation value)
        => value is ICollectionExpressionOperation || (value is IConversionOperation conversion && IsCollectionExpression(conversion.Operand));

    private void RequireOperator(IMethodSymbol method, SyntaxNode place)
        => Require(TracedLookup.HasOperator(method, _types), place, $"an operator '{SyntaxFacts.GetText(SyntaxFacts.GetOperatorKind(method.Name))}' for these operands");

    private void Require(bool exists, SyntaxNode place, string what)
    {
        if (!exists)
        {
            Obstacles.Add(new(place, $"'{_types.Symbols.Tensor.Name}' has no counterpart of it, {what}"));
        }
    }

    private bool NamesTensor(IMethodSymbol method)
        => _types.Mentions(method.ReturnType) || method.Parameters.Any(parameter => _types.Mentions(parameter.Type));

    private static IEnumerable<IMethodSymbol> Methods(IEnumerable<ISymbol> members) => members.OfType<IMethodSymbol>();
}
