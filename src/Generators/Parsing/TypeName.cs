using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Parsing;

/// <summary>A name in the text of the class that stands for a type.</summary>
/// <param name="Syntax">The name, without what qualifies it.</param>
/// <param name="Type">What it stands for; of an attribute, its class.</param>
internal readonly record struct TypeName(SimpleNameSyntax Syntax, ITypeSymbol Type)
{
    /// <summary>All of one declaration, in their order.</summary>
    public static IReadOnlyList<TypeName> ReadAll(SyntaxNode declaration, SemanticModel model, CancellationToken cancellation)
    {
        List<TypeName> names = [];
        foreach (SimpleNameSyntax name in declaration.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (CanBeType(name) && Of(model.GetSymbolInfo(name, cancellation).Symbol, name) is { } type)
            {
                names.Add(new(name, type));
            }
        }

        return names;
    }

    // The name in an attribute binds to a constructor.
    private static ITypeSymbol? Of(ISymbol? symbol, SimpleNameSyntax name) => symbol as ITypeSymbol ?? (name.Parent is AttributeSyntax ? symbol?.ContainingType : null);

    /// <summary>Whether the syntax leaves open that a name stands for a type. To bind what is called, with all its overloads, takes long.</summary>
    private static bool CanBeType(SimpleNameSyntax name) => name switch
    {
        { IsVar: true } => false,
        { Parent: InvocationExpressionSyntax call } => call.Expression != name,
        { Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access } => access.Name != name || call.Expression != access,
        { Parent: MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax } => false,
        _ => true,
    };
}
