using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Tracing;

/// <content>Calls: of methods of a tensor, of modules, of functions, and of methods of the class itself.</content>
internal sealed partial class TracedMethodReader
{
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
            if (NamesTensor(method) && !_values.IsTraced(call.Instance))
            {
                Obstacles.Add(new(call.Syntax, "a delegate that the model holds takes tensors that are not traced"));
            }
        }
        else if (method.MethodKind is MethodKind.LocalFunction)
        {
            return;
        }
        else if (call.Instance is not IInstanceReferenceOperation && _context.Known.IsModule(call.Instance?.Type) && method.Name is "call" or "forward")
        {
            Require(TracedLookup.Has(Methods(tracing.Modules.GetMembers(method.Name)), call, call.Instance!.Type, _types), call.Syntax, $"a call of '{call.Instance.Type?.Name}' with these arguments");
        }
        else if (_context.IsInside(method.ContainingType))
        {
            // One that is given sizes alone, as by x.shape[0], is called as it is.
            if (NamesTensor(method))
            {
                Need(method, call.Syntax);
            }
        }
        else if (TracedFamily.IsOfSibling(method, call.Instance?.Type, _context))
        {
            Rename(method, call.Syntax);
        }
        else if (_context.Known.IsTorch(method.ContainingType))
        {
            VisitFunction(call, described);
        }
        else if (NamesTensor(method.OriginalDefinition) || (NamesTensor(method) && MeetsUntraced(call)))
        {
            Obstacles.Add(new(call.Syntax, $"'{method.ContainingType.Name}.{method.Name}' takes tensors that are not traced"));
        }
    }

    /// <summary>Whether a generic method is called on, or with, something that goes on to hold tensors, such as a list in a field.</summary>
    private bool MeetsUntraced(IInvocationOperation call)
        => call.Arguments.Select(argument => argument.Value).Append(call.Instance).Any(value => value is not null
            && _types.Mentions(value.Type) && !_values.IsTraced(value) && !value.DescendantsAndSelf().Any(part => part is IMethodReferenceOperation));

    /// <summary>Another method of the class, which may be called otherwise over traced tensors.</summary>
    private void Need(IMethodSymbol method, SyntaxNode place)
    {
        Needs.Add((method.OriginalDefinition, place));
        Rename(method, place);
    }

    private void Rename(IMethodSymbol method, SyntaxNode place)
    {
        string name = TracedFamily.NameOf(method, _context);
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
        receiver = receiver is IConditionalAccessInstanceOperation instance ? ConditionalAccess.Receiver(instance) ?? receiver : receiver;
        if (_values.IsTraced(receiver) || _quantized.Contains(receiver))
        {
            return;
        }

        if (receiver.Syntax.GetFirstToken().Parent is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax)
        {
            Obstacles.Add(new(receiver.Syntax, "a tensor that is not traced meets a traced one behind '?.'"));
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
            Obstacles.Add(new(reference.Syntax, $"'{method.Name}' is handed on as a delegate over tensors; a lambda that calls it can be traced"));
        }
    }
}
