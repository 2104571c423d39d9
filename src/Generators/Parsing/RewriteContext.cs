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
    /// <summary>Whether a type has its text inside the class, so that a copy of it comes along.</summary>
    public bool IsInside(INamedTypeSymbol type)
        => type.OriginalDefinition.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == Declaration.SyntaxTree && Declaration.Span.Contains(r.Span));

    /// <summary>Whether this profile quantizes a kind of module.</summary>
    public bool Quantizes(KnownModule module)
        => !module.OnRequest && !(Profile.Input.None && (Profile.Weight.None || !module.HasWeight));

    /// <summary>Whether a node is part of something that <c>[FullPrecision]</c> leaves as it is.</summary>
    public bool IsFullPrecision(SyntaxNode node)
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
            if (symbol is IFieldSymbol or IPropertySymbol or IMethodSymbol or INamedTypeSymbol && Known.IsFullPrecision(symbol))
            {
                return true;
            }
        }

        return false;
    }
}
