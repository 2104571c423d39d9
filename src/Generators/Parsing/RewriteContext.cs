using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>What every rewriter of one class and one profile works with.</summary>
internal sealed record RewriteContext(
    KnownSymbols Known,
    SemanticModel Model,
    ClassDeclarationSyntax Declaration,
    INamedTypeSymbol Symbol,
    Profile Profile,
    NameBinding Names,
    DescriptorTable Descriptors,
    CancellationToken Cancellation)
{
    private readonly Lazy<bool> _hasRequests = new(() => Declaration.DescendantNodes().OfType<MemberDeclarationSyntax>()
        .Select(member => Model.GetDeclaredSymbol(member is BaseFieldDeclarationSyntax field ? field.Declaration.Variables[0] : member, Cancellation))
        .Any(symbol => symbol is IFieldSymbol or IPropertySymbol && Known.QuantizeAttributes(symbol).Any()));

    /// <summary>Whether a type has its text inside the class, so that a copy of it comes along.</summary>
    public bool IsInside(INamedTypeSymbol type)
        => type.OriginalDefinition.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == Declaration.SyntaxTree && Declaration.Span.Contains(r.Span));

    /// <summary>Whether this profile quantizes a kind of module somewhere; one on request, in the fields that ask for it.</summary>
    public bool Quantizes(KnownModule module)
        => module.OnRequest ? _hasRequests.Value : !(Profile.Input.None && (Profile.Weight.None || !module.HasWeight));

    /// <summary>The field or property with a <c>[Quantize]</c> of its own that a node belongs to, or <see langword="null"/>.</summary>
    public ISymbol? Request(SyntaxNode node)
        => OwnerSymbols(node).FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol && Known.QuantizeAttributes(symbol).Any());

    /// <summary>Whether a node is part of something that <c>[FullPrecision]</c> leaves as it is.</summary>
    public bool IsFullPrecision(SyntaxNode node) => OwnerSymbols(node).Any(Known.IsFullPrecision);

    /// <summary>The members that a node is part of, and the field or property that it is assigned to.</summary>
    private IEnumerable<ISymbol> OwnerSymbols(SyntaxNode node)
    {
        for (SyntaxNode? at = node; at is not null && at != Declaration; at = at.Parent)
        {
            ISymbol? symbol = at switch
            {
                VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => Model.GetDeclaredSymbol(field, Cancellation),
                BaseFieldDeclarationSyntax field => Model.GetDeclaredSymbol(field.Declaration.Variables[0], Cancellation),
                BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or TypeDeclarationSyntax => Model.GetDeclaredSymbol(at, Cancellation),
                AssignmentExpressionSyntax assignment when !assignment.Left.Contains(node) => Model.GetSymbolInfo(assignment.Left, Cancellation).Symbol,
                _ => null,
            };
            if (symbol is IFieldSymbol or IPropertySymbol or IMethodSymbol or INamedTypeSymbol)
            {
                yield return symbol;
            }
        }
    }
}
