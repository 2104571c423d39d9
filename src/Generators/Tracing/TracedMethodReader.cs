using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>Reads one method that is to be printed once more over traced tensors: the edits, or the operations that stand against it.</summary>
internal sealed class TracedMethodReader
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

        if (context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation) is { } symbol)
        {
            reader.VisitHeader(method, symbol);
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

    /// <summary>Whether an override over traced tensors has a base over traced tensors is known inside the class only.</summary>
    private void VisitHeader(MethodDeclarationSyntax method, IMethodSymbol symbol)
    {
        if (symbol.IsAbstract && KnownSymbols.Same(symbol.ContainingType, _context.Symbol))
        {
            Obstacles.Add((method, "it is abstract"));
        }
        else if (symbol is { Name: not "forward", OverriddenMethod.ContainingType: { } owner } && !_context.IsInside(owner) && _context.Known.QuantizeAttributes(owner).Any())
        {
            Obstacles.Add((method, $"it overrides a method of another quantized model, '{owner.Name}'"));
        }
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

    private void VisitCall(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        bool traced = _values.IsTraced(call.Instance) || call.Arguments.Any(argument => _values.IsTraced(argument.Value));
        if (!traced)
        {
            return;
        }

        string described = $"a '{method.Name}' that takes these arguments";
        TracingSymbols tracing = _types.Symbols;
        if (_context.Known.IsTensor(call.Instance?.Type))
        {
            Require(
                TracedLookup.Has(Methods(TracedLookup.Members(tracing.Tensor, method.Name)), call, null, _types)
                    || TracedLookup.Has(Methods(tracing.Operations.GetMembers(method.Name)), call, tracing.Tensor, _types),
                call.Syntax, described);
            VisitReceiver(call.Instance!);
        }
        else if (method.MethodKind is MethodKind.DelegateInvoke)
        {
            if (call.Instance is IFieldReferenceOperation or IPropertyReferenceOperation && NamesTensor(method))
            {
                Obstacles.Add((call.Syntax, "a delegate that the model holds takes tensors that are not traced"));
            }
        }
        else if (method.MethodKind is MethodKind.LocalFunction)
        {
            return;
        }
        else if (call.Instance is not IInstanceReferenceOperation && _context.Known.IsModule(call.Instance?.Type) && method.Name is "call" or "forward")
        {
            Require(TracedLookup.Has(Methods(tracing.Modules.GetMembers(method.Name)), call, call.Instance!.Type, _types), call.Syntax, described);
        }
        else if (_context.IsInside(method.ContainingType))
        {
            Need(method, call.Syntax);
        }
        else if (_context.Known.IsTorch(method.ContainingType))
        {
            VisitFunction(call, described);
        }
        else if (NamesTensor(method.OriginalDefinition))
        {
            Obstacles.Add((call.Syntax, $"'{method.ContainingType.Name}.{method.Name}' takes tensors that are not traced"));
        }
    }

    /// <summary>Another method of the class, which may be called otherwise over traced tensors.</summary>
    private void Need(IMethodSymbol method, SyntaxNode place)
    {
        Needs.Add((method.OriginalDefinition, place));
        string name = TracedNames.Of(method, _context);
        SyntaxNode called = place is InvocationExpressionSyntax call ? call.Expression : place;
        SimpleNameSyntax? written = called switch
        {
            SimpleNameSyntax simple => simple,
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => null,
        };
        if (written is not null && name != method.Name)
        {
            _edits.Replace(written.Identifier.Span, name);
        }
    }

    /// <summary>A tensor that is not traced has no methods that take traced ones.</summary>
    private void VisitReceiver(IOperation receiver)
    {
        receiver = receiver is IConditionalAccessInstanceOperation instance ? TracedValues.Receiver(instance) ?? receiver : receiver;
        if (_values.IsTraced(receiver) || _quantized.Contains(receiver))
        {
            return;
        }

        if (receiver.Syntax.GetFirstToken().Parent is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax)
        {
            Obstacles.Add((receiver.Syntax, "a tensor that is not traced meets a traced one behind '?.'"));
        }
        else
        {
            TracedConstant.WriteAround(receiver.Syntax, _context, _types, _edits);
        }
    }

    private void VisitFunction(IInvocationOperation call, string described)
    {
        INamedTypeSymbol operations = _types.Symbols.Operations;
        if (call.Syntax is InvocationExpressionSyntax syntax && TracedLookup.Has(Methods(operations.GetMembers(call.TargetMethod.Name)), call, null, _types))
        {
            _edits.Replace(syntax.Expression.Span, $"{_context.Short(operations, syntax)}.{call.TargetMethod.Name}");
            return;
        }

        Require(false, call.Syntax, described);
    }

    private void VisitReference(IMethodReferenceOperation reference)
    {
        IMethodSymbol method = reference.Method;
        if (!NamesTensor(method) || method.MethodKind == MethodKind.LocalFunction)
        {
            return;
        }

        if (_context.IsInside(method.ContainingType))
        {
            Need(method, reference.Syntax);
        }
        else
        {
            Obstacles.Add((reference.Syntax, $"'{method.Name}' is handed on as a delegate over tensors; a lambda that calls it can be traced"));
        }
    }

    /// <summary>A local that starts with a constant can hold a traced tensor later: <c>var</c> becomes the traced type.</summary>
    private void VisitLocal(IVariableDeclaratorOperation declarator)
    {
        if (!_types.Mentions(declarator.Symbol.Type) || declarator.Initializer?.Value is not { } value || _values.IsTraced(value))
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
