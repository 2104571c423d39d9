using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Editing;

/// <summary>Finds partial members that another generator implements.</summary>
internal static class PartialMembers
{
    /// <summary>The symbol of a partial member that has to have an implementation, and of which the project's own text has none.</summary>
    public static ISymbol? ImplementedByOthers(MemberDeclarationSyntax member, RewriteContext context)
        => member.Modifiers.Any(SyntaxKind.PartialKeyword) ? context.ModelOf(member).GetDeclaredSymbol(member, context.Cancellation) switch
        {
            IMethodSymbol { IsPartialDefinition: true, PartialImplementationPart: null } method
                when !method.ReturnsVoid || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out) || HasAccessibility(member) => method,
            IPropertySymbol { IsPartialDefinition: true, PartialImplementationPart: null } property => property,
            _ => null,
        }
        : null;

    private static bool HasAccessibility(MemberDeclarationSyntax member)
        => member.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword);
}
