using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Rewriting;

namespace QuantGen.Generators.Tracing;

/// <summary><c>Tensor</c> becomes <c>TracedTensor</c> in the text of a method, and its name and modifiers fit the class.</summary>
/// <remarks>
/// Most methods get an overload of the same name. One that overrides a method of code which does not change gets another name:
/// C# looks for overloads first where they are declared, and an override is declared at its base, so that
/// <c>quant.forward(x)</c> would mean a <c>forward(TracedTensor)</c> whatever <c>x</c> is.
/// </remarks>
internal static class TracedNames
{
    /// <summary>What <c>forward</c> is called over traced tensors, as in <c>ITraceable</c>.</summary>
    private const string Trace = "Trace";

    public static void Rewrite(MethodDeclarationSyntax method, RewriteContext context, TracedTypes types, EditList edits)
    {
        IMethodSymbol symbol = context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation)!;
        if (Of(symbol, context) is var newName && newName != symbol.Name)
        {
            edits.Replace(method.Identifier.Span, newName);
        }

        foreach (SyntaxToken modifier in method.Modifiers)
        {
            if (modifier.Kind() is SyntaxKind.OverrideKeyword or SyntaxKind.NewKeyword or SyntaxKind.SealedKeyword && !OverridesInside(symbol, context))
            {
                string instead = modifier.IsKind(SyntaxKind.OverrideKeyword) ? (HidesSibling(symbol, context) ? "new " : "") + (CanBeOverridden(symbol) ? "virtual " : "") : "";
                edits.Replace(Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), instead);
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

    /// <summary>The name of the method over traced tensors: <c>Trace</c> for <c>forward</c>.</summary>
    public static string Of(IMethodSymbol method, RewriteContext context)
    {
        IMethodSymbol first = method;
        while (first.OverriddenMethod is { } overridden)
        {
            first = overridden;
        }

        bool isOfClass = KnownSymbols.Same(first, method) || context.IsInside(first.ContainingType);
        return isOfClass ? method.Name : method.Name == "forward" ? Trace : Trace + char.ToUpperInvariant(method.Name[0]) + method.Name.Substring(1);
    }

    /// <summary>The method of a base that is generated too is hidden, not overridden: whether there is one is not known here.</summary>
    private static bool HidesSibling(IMethodSymbol method, RewriteContext context)
        => method.OverriddenMethod is { } overridden && SiblingModels.NameOf(overridden.ContainingType, context) is not null;

    private static bool CanBeOverridden(IMethodSymbol method)
        => method is { IsSealed: false, ContainingType.IsSealed: false, DeclaredAccessibility: not Accessibility.Private };

    private static bool OverridesInside(IMethodSymbol method, RewriteContext context)
        => method.OverriddenMethod is { } overridden && context.IsInside(overridden.ContainingType);
}
