using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Tracing;

/// <summary><c>Tensor</c> becomes <c>TracedTensor</c> in the text of a method, and its name and modifiers fit the class.</summary>
internal static class TracedNames
{
    public static void Rewrite(MethodDeclarationSyntax method, RewriteContext context, TracedTypes types, EditList edits)
    {
        IMethodSymbol symbol = context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation)!;
        if (TracedFamily.NameOf(symbol, context) is var newName && newName != symbol.Name)
        {
            edits.Replace(method.Identifier.Span, newName);
        }

        foreach (SyntaxToken modifier in method.Modifiers)
        {
            if (Instead(modifier, symbol, context) is { } instead)
            {
                edits.Replace(TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), instead);
            }
        }

        foreach ((SimpleNameSyntax name, ITypeSymbol type) in context.PartOf(method).TypeNames)
        {
            if (!method.Span.Contains(name.Span) || name is not IdentifierNameSyntax { Parent: not AttributeSyntax } || IsOfModule(name, context))
            {
                continue;
            }

            if (!KnownSymbols.Same(type, context.Known.Tensor))
            {
                // using Pair = (Tensor, Tensor): the alias goes on to mean tensors.
                if (types.Mentions(type) && context.ModelOf(name).GetAliasInfo(name, context.Cancellation) is not null)
                {
                    edits.Replace(name.Span, types.Map(type).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));
                }
            }
            else
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

    /// <summary>What stands instead of a modifier; <see langword="null"/> where it stays.</summary>
    private static string? Instead(SyntaxToken modifier, IMethodSymbol method, RewriteContext context) => modifier.Kind() switch
    {
        SyntaxKind.NewKeyword => "",
        SyntaxKind.SealedKeyword when !TracedFamily.Overrides(method, context) => "",
        SyntaxKind.OverrideKeyword when !TracedFamily.Overrides(method, context) => TracedFamily.CanBeOverridden(method) ? "virtual " : "",

        // There is nothing to override it in a class that a user derives by hand.
        SyntaxKind.AbstractKeyword => method.IsOverride ? "" : "virtual ",
        _ => null,
    };
}
