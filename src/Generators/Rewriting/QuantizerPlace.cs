using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Whether the place of an operation can reach a quantizer, which is a field of the model.</summary>
internal static class QuantizerPlace
{
    /// <summary>Why it cannot, or <see langword="null"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="type">The type that it is in.</param>
    /// <param name="context">The class and its profile.</param>
    public static string? ReasonAgainst(SyntaxNode operation, ClassText type, RewriteContext context)
    {
        if (!type.IsModule(context.Known))
        {
            return $"'{type.Symbol.Name}' is not a module, so that a quantizer in it would not be found";
        }

        foreach (SyntaxNode node in operation.Ancestors())
        {
            switch (node)
            {
                case LocalFunctionStatementSyntax function when function.Modifiers.Any(SyntaxKind.StaticKeyword):
                    return $"the local function '{function.Identifier.ValueText}' is static; without 'static' it could use a quantizer of the model";

                case AnonymousFunctionExpressionSyntax lambda when lambda.Modifiers.Any(SyntaxKind.StaticKeyword):
                    return "the lambda is static; without 'static' it could use a quantizer of the model";

                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } }:
                    return "it is in an initializer, which reaches no quantizer of the model; assign it in the constructor";

                case MemberDeclarationSyntax member:
                    return member.Modifiers.Any(SyntaxKind.StaticKeyword)
                        ? "it is in a static member; in an instance member it could use a quantizer of the model"
                        : null;
            }
        }

        return null;
    }
}
