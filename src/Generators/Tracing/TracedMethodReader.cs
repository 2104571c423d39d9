using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>Reads one method that is to be printed once more over traced tensors: the edits, or the operations that stand against it.</summary>
internal sealed partial class TracedMethodReader
{
    private readonly ISet<IOperation> _quantized;
    private readonly RewriteContext _context;
    private readonly TracedTypes _types;
    private readonly TracedValues _values;
    private readonly EditList _edits;

    private TracedMethodReader(ISet<IOperation> quantized, RewriteContext context, TracedTypes types, EditList edits)
        => (_quantized, _context, _types, _values, _edits) = (quantized, context, types, new(context.Known, types), edits);

    /// <summary>What cannot be traced: where, and why.</summary>
    public List<(SyntaxNode Place, string Reason)> Obstacles { get; } = [];

    /// <summary>The methods of the class that this one needs traced as well, and where it calls them.</summary>
    public List<(IMethodSymbol Method, SyntaxNode Place)> Needs { get; } = [];

    public static TracedMethodReader Read(
        MethodDeclarationSyntax method, IOperation? body, ISet<IOperation> quantized, RewriteContext context, TracedTypes types, EditList edits)
    {
        TracedMethodReader reader = new(quantized, context, types, edits);
        if (!BalancedDirectives.Hold(method))
        {
            reader.Obstacles.Add((method, "it starts or ends inside a conditional directive (#if)"));
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
            case IInvocationOperation call: VisitCall(call); break;
            case IMethodReferenceOperation reference: VisitReference(reference); break;
            case IPropertyReferenceOperation property when _context.Known.IsTensor(property.Instance?.Type) && _values.IsTraced(property.Instance):
                Require(TracedLookup.Has(property, _types), property.Syntax, property.Property.IsIndexer ? "an index of these types" : $"a property '{property.Property.Name}'");
                break;

            case IBinaryOperation { OperatorMethod: { } method } binary when _values.IsTraced(binary): RequireOperator(method, binary.Syntax); break;
            case IUnaryOperation { OperatorMethod: { } method } unary when _values.IsTraced(unary): RequireOperator(method, unary.Syntax); break;
            case ICompoundAssignmentOperation { OperatorMethod: { } method } compound when _context.Known.IsTensor(compound.Type): RequireOperator(method, compound.Syntax); break;
            case IConversionOperation { OperatorMethod: { } method, Parent: ICollectionExpressionOperation or IArrayInitializerOperation or IVariableInitializerOperation or ISimpleAssignmentOperation or IReturnOperation } constant
                when KnownSymbols.Same(method.ReturnType, _context.Known.Tensor) && !_context.Known.IsTensor(constant.Operand.Type):
                Require(_types.Fits(constant.Operand.Type, _types.Symbols.Tensor), constant.Syntax, $"a conversion of '{constant.Operand.Type?.ToDisplayString()}'");
                break;

            case IConversionOperation { OperatorMethod: { } method } conversion when _values.IsTraced(conversion.Operand) && _context.Known.IsTensor(conversion.Operand.Type):
                RequireOperator(method, conversion.Syntax);
                break;

            case IAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation } assignment
                when _types.Mentions(assignment.Target.Type) && !_values.IsTraced(assignment.Target) && _values.IsTraced(assignment.Value):
                Obstacles.Add((assignment.Syntax, "a member of the model would have to hold a traced tensor"));
                break;

            case IVariableDeclaratorOperation declarator: VisitLocal(declarator); break;
            case IObjectCreationOperation { Constructor: { } constructor } creation when NamesTensor(constructor) && creation.Arguments.Any(a => _values.IsTraced(a.Value)):
                Obstacles.Add((creation.Syntax, $"'{constructor.ContainingType.Name}' takes a tensor that is not traced"));
                break;
        }
    }

    /// <summary>A local that starts with a constant can hold a traced tensor later: <c>var</c> becomes the traced type.</summary>
    private void VisitLocal(IVariableDeclaratorOperation declarator)
    {
        if (!_types.Mentions(declarator.Symbol.Type) || declarator.Initializer?.Value is not { } value || _values.IsTraced(value) || IsCollectionExpression(value))
        {
            return;
        }

        if (!KnownSymbols.Same(declarator.Symbol.Type, _context.Known.Tensor))
        {
            Obstacles.Add((declarator.Syntax, $"'{declarator.Symbol.Name}' holds tensors that are not traced"));
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
            Obstacles.Add((place, $"'{_types.Symbols.Tensor.Name}' has no counterpart of it, {what}"));
        }
    }

    private bool NamesTensor(IMethodSymbol method)
        => _types.Mentions(method.ReturnType) || method.Parameters.Any(parameter => _types.Mentions(parameter.Type));

    private static IEnumerable<IMethodSymbol> Methods(IEnumerable<ISymbol> members) => members.OfType<IMethodSymbol>();
}
