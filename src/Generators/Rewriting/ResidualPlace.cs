using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Residuals;

namespace QuantGen.Generators.Rewriting;

/// <summary>Whether the place of an addition can reach a field of the model.</summary>
internal static class ResidualPlace
{
    /// <summary>Why it cannot, or <see langword="null"/>.</summary>
    public static string? ReasonAgainst(Addition addition, ClassText type, RewriteContext context)
    {
        if (!type.IsModule(context.Known))
        {
            return $"'{type.Symbol.Name}' is not a module, so that a quantizer in it would not be found";
        }

        foreach (SyntaxNode node in addition.Operation.Syntax.Ancestors())
        {
            switch (node)
            {
                case LocalFunctionStatementSyntax function when function.Modifiers.Any(SyntaxKind.StaticKeyword):
                    return $"the local function '{function.Identifier.ValueText}' is static; without 'static' it could use a quantizer of the model";

                case AnonymousFunctionExpressionSyntax lambda when lambda.Modifiers.Any(SyntaxKind.StaticKeyword):
                    return "the lambda is static; without 'static' it could use a quantizer of the model";

                case MemberDeclarationSyntax member:
                    return member.Modifiers.Any(SyntaxKind.StaticKeyword)
                        ? "it is in a static member; in an instance member it could use a quantizer of the model"
                        : null;
            }
        }

        return null;
    }
}
