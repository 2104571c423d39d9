using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Names of types become those of their counterparts: <c>Conv2d</c> is <c>QuantConv2d</c>, <c>Block</c> is <c>QuantBlock</c>.</summary>
internal static class TypeNameRewriter
{
    /// <param name="part">A declaration of the class.</param>
    /// <param name="context">The class and its profile.</param>
    /// <param name="agreement">Which names stay.</param>
    /// <param name="edits">Takes the edits.</param>
    public static void Rewrite(ClassPart part, RewriteContext context, TypeAgreement agreement, EditList edits)
    {
        edits.Replace(part.Declaration.Identifier.Span, context.Profile.Name);
        foreach (MemberDeclarationSyntax member in part.Declaration.Members)
        {
            if (member is ConstructorDeclarationSyntax { Identifier: var constructor })
            {
                edits.Replace(constructor.Span, context.Profile.Name);
            }
            else if (member is DestructorDeclarationSyntax { Identifier: var destructor })
            {
                edits.Replace(destructor.Span, context.Profile.Name);
            }
        }

        foreach (TypeName name in part.TypeNames.Where(name => !IsDropped(name.Syntax, part) && !OriginalTypeRewriter.IsRemoved(name.Syntax, context)))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Rewrite(name.Syntax, name.Type, context, agreement, edits);
        }
    }

    private static void Rewrite(SimpleNameSyntax name, ITypeSymbol type, RewriteContext context, TypeAgreement agreement, EditList edits)
    {
        if (OriginalTypeRewriter.IsQualifier(name, context))
        {
            return;
        }

        if (KnownSymbols.Same(type.OriginalDefinition, context.Symbol))
        {
            if (!IsNameOf(name) || IsBaseCall(name))
            {
                RenameModel(name, (INamedTypeSymbol)type, context.Profile.Name, context, edits);
            }
        }
        else if (context.Known.TryGetQuantized(type, out KnownModule module, out INamedTypeSymbol quantized))
        {
            if (context.Quantizes(module) && !IsNameOf(name) && !IsBeforeType(name, context) && !agreement.Keeps(name))
            {
                edits.Replace(Qualified(name).Span, context.Short(quantized, name));
            }
        }
        else if (type is INamedTypeSymbol model && SiblingModels.NameOf(model, context) is { } sibling)
        {
            if (!IsNameOf(name) && !agreement.Keeps(name))
            {
                RenameModel(name, model, sibling, context, edits);
            }
        }
        else if (agreement.Changes(type) && !IsNameOf(name) && !agreement.Keeps(name) && context.ModelOf(name).GetAliasInfo(name, context.Cancellation) is not null)
        {
            edits.Replace(name.Span, ChangedTypeText.Of(type, name, agreement, context));
        }
    }

    /// <summary>Whether a name stands before that of a type nested in it, as in <c>GELU.Approximate.tanh</c>, which the counterpart does not have.</summary>
    private static bool IsBeforeType(SimpleNameSyntax name, RewriteContext context)
    {
        SyntaxNode whole = Qualified(name);
        SimpleNameSyntax? right = whole.Parent switch
        {
            QualifiedNameSyntax qualified when qualified.Left == whole => qualified.Right,
            MemberAccessExpressionSyntax access when access.Expression == whole => access.Name,
            _ => null,
        };
        return right is not null && context.ModelOf(right).GetSymbolInfo(right, context.Cancellation).Symbol is ITypeSymbol;
    }

    private static void RenameModel(SimpleNameSyntax name, INamedTypeSymbol type, string newName, RewriteContext context, EditList edits)
    {
        bool isAlias = context.ModelOf(name).GetAliasInfo(name, context.Cancellation) is not null;
        bool isQualified = Qualified(name) != name;
        bool isSelf = KnownSymbols.Same(type.OriginalDefinition, context.Symbol);
        NameBinding names = context.PartOf(name).Names;
        if (isAlias || (!isQualified && !isSelf && (names.IsOfRuntime(newName) || !names.Meanings(newName, name.SpanStart).IsEmpty)))
        {
            INamespaceOrTypeSymbol container = (INamespaceOrTypeSymbol?)type.ContainingType ?? type.ContainingNamespace;
            string prefix = container is INamespaceSymbol { IsGlobalNamespace: true } ? "global::" : container.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ".";
            string arguments = isAlias && type.TypeArguments.Length > 0
                ? $"<{string.Join(", ", type.TypeArguments.Select(argument => argument.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))}>"
                : "";
            newName = prefix + newName + arguments;
        }

        // What stands before the name and its type arguments stay.
        edits.Replace(name.Identifier.Span, newName);
    }

    /// <summary>The name with what qualifies it, as in <c>Modules.Conv2d</c>.</summary>
    private static SyntaxNode Qualified(SimpleNameSyntax name)
    {
        SyntaxNode whole = name;
        while ((whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole)
            || (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole)
            || whole.Parent is AliasQualifiedNameSyntax)
        {
            whole = whole.Parent;
        }

        return whole;
    }

    /// <summary>A name in <c>nameof</c> may be a key of the state dict, which stays as it is.</summary>
    private static bool IsNameOf(SimpleNameSyntax name)
        => name.Ancestors().OfType<InvocationExpressionSyntax>().FirstOrDefault() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } call
            && call.ArgumentList.Span.Contains(name.Span)
            && name.FirstAncestorOrSelf<LambdaExpressionSyntax>(lambda => call.Contains(lambda)) is null;

    /// <summary>A model that gives its base its own name has its new name.</summary>
    private static bool IsBaseCall(SimpleNameSyntax name)
        => name.Ancestors().Any(node => node is ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax);

    private static bool IsDropped(SimpleNameSyntax name, ClassPart part)
        => name.FirstAncestorOrSelf<AttributeListSyntax>()?.Parent == part.Declaration;
}
