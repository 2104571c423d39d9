using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Delegates whose code is that of others: <c>make</c> of a constructor <c>Net(Func&lt;int, Module&lt;Tensor, Tensor&gt;&gt; make)</c>, and the fields that keep it.</summary>
internal sealed class ForeignDelegates
{
    private readonly HashSet<ISymbol> _members = new(SymbolEqualityComparer.Default);

    /// <param name="texts">The class and those in it.</param>
    public ForeignDelegates(IEnumerable<ClassText> texts)
    {
        foreach (IOperation operation in texts.SelectMany(text => text.AllOperations).SelectMany(body => body.DescendantsAndSelf()))
        {
            (ISymbol? member, IOperation? value) = operation switch
            {
                IAssignmentOperation { Target: IMemberReferenceOperation target } assignment => (target.Member, assignment.Value),
                IFieldInitializerOperation { InitializedFields: [var field, ..] } initializer => ((ISymbol?)field, (IOperation?)initializer.Value),
                IPropertyInitializerOperation { InitializedProperties: [var property, ..] } initializer => (property, initializer.Value),
                _ => default((ISymbol?, IOperation?)),
            };
            if (member is not null && value!.DescendantsAndSelf().OfType<IParameterReferenceOperation>().Any(reference => IsDelegate(reference.Type) && IsGiven(reference.Parameter)))
            {
                _members.Add(member.OriginalDefinition);
            }
        }
    }

    /// <summary>Whether a call runs such a delegate.</summary>
    public bool Contain(IInvocationOperation call) => call.TargetMethod.MethodKind == MethodKind.DelegateInvoke && call.Instance switch
    {
        IParameterReferenceOperation reference => IsGiven(reference.Parameter),
        IMemberReferenceOperation reference => _members.Contains(reference.Member.OriginalDefinition),
        _ => false,
    };

    /// <summary>Whether code outside the class gives a parameter. A private method, a local function or a lambda is given what the class itself has.</summary>
    private static bool IsGiven(IParameterSymbol parameter)
        => parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.Ordinary or MethodKind.PropertySet } method
            && method.DeclaredAccessibility != Accessibility.Private;

    private static bool IsDelegate(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate };
}
