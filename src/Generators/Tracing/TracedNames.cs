using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Rewriting;

namespace QuantGen.Generators.Tracing;

/// <summary><c>Tensor</c> becomes <c>TracedTensor</c> in the text of a method, and the modifiers fit an overload.</summary>
internal static class TracedNames
{
    public static void Rewrite(MethodDeclarationSyntax method, RewriteContext context, TracedTypes types, EditList edits)
    {
        foreach (SyntaxToken modifier in method.Modifiers)
        {
            if (modifier.Kind() is SyntaxKind.OverrideKeyword or SyntaxKind.NewKeyword or SyntaxKind.SealedKeyword && !OverridesInside(method, context))
            {
                edits.Replace(Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), HidesSibling(modifier, method, context) ? "new " : "");
            }
        }

        foreach (SimpleNameSyntax name in method.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name is IdentifierNameSyntax { IsVar: false } && !IsOfModule(name, context)
                && context.ModelOf(name).GetSymbolInfo(name, context.Cancellation).Symbol is INamedTypeSymbol type && KnownSymbols.Same(type, context.Known.Tensor))
            {
                SyntaxNode whole = name;
                while ((whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole) || (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole))
                {
                    whole = whole.Parent;
                }

                edits.Replace(whole.Span, context.Short(types.Symbols.Tensor, name));
            }
        }
    }

    /// <summary>Modules stay modules over tensors: <c>Module&lt;Tensor, Tensor&gt;</c> keeps its arguments.</summary>
    private static bool IsOfModule(SimpleNameSyntax name, RewriteContext context)
        => name.Ancestors().TakeWhile(node => node is not (StatementSyntax or MemberDeclarationSyntax)).OfType<GenericNameSyntax>()
            .Any(generic => context.Known.IsModule(context.ModelOf(generic).GetTypeInfo(generic, context.Cancellation).Type));

    /// <summary>The overload of a base that is generated too is hidden, not overridden: whether there is one is not known here.</summary>
    private static bool HidesSibling(SyntaxToken modifier, MethodDeclarationSyntax method, RewriteContext context)
        => modifier.IsKind(SyntaxKind.OverrideKeyword)
            && context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation)?.OverriddenMethod is { } overridden
            && SiblingModels.NameOf(overridden.ContainingType, context) is not null;

    private static bool OverridesInside(MethodDeclarationSyntax method, RewriteContext context)
        => context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation)?.OverriddenMethod is { } overridden && context.IsInside(overridden.ContainingType);
}
