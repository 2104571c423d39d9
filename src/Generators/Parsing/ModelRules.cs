using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>Whether a class can have a quantized sibling, and under which name.</summary>
internal static class ModelRules
{
    /// <summary>
    /// Whether an annotated class needs no sibling of its own, since it is quantized with an annotated model that it is nested in, and has no place for
    /// one, since a type around it is not partial.
    /// </summary>
    public static bool IsPartOfModelOnly(INamedTypeSymbol model, KnownSymbols known)
        => OriginalTypes.ModelAround(model, known) is not null
            && ClassPart.Declarations(model, default).Any(declaration => declaration.Ancestors().OfType<TypeDeclarationSyntax>().Any(outer => !outer.Modifiers.Any(SyntaxKind.PartialKeyword)));

    /// <summary>What is wrong with the class itself, whatever the profile; <see langword="null"/> when nothing is.</summary>
    public static DiagnosticInfo? CheckClass(INamedTypeSymbol model, ClassDeclarationSyntax declaration, KnownSymbols known)
    {
        if (ReasonAgainst(model, declaration, known) is { } reason)
        {
            return DiagnosticInfo.Create(Rules.NotAModel, declaration.Identifier, model.Name, reason);
        }

        foreach (TypeDeclarationSyntax type in declaration.Ancestors().OfType<TypeDeclarationSyntax>())
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                return DiagnosticInfo.Create(Rules.ContainingTypeNotPartial, type.Identifier, type.Identifier.ValueText, Profile.DefaultName(model.Name), model.Name);
            }
        }

        return null;
    }

    /// <summary>A name in the class of a type that is local to its file, which the generated class, in another file, cannot see.</summary>
    public static DiagnosticInfo? CheckFileLocals(INamedTypeSymbol model, ClassDeclarationSyntax declaration, SemanticModel semantics)
    {
        SyntaxNode root = declaration.SyntaxTree.GetRoot();
        if (!root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>().Any(member => member.Modifiers.Any(SyntaxKind.FileKeyword)))
        {
            return null;
        }

        foreach (SimpleNameSyntax name in declaration.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            ISymbol? symbol = semantics.GetSymbolInfo(name).Symbol;
            if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType) is { IsFileLocal: true } local)
            {
                return DiagnosticInfo.Create(Rules.NotAModel, name, model.Name, $"'{local.Name}' is local to its file, and the generated class is in another");
            }
        }

        return null;
    }

    /// <summary>What is wrong with the name of one profile's class; <see langword="null"/> when nothing is.</summary>
    public static DiagnosticInfo? CheckName(INamedTypeSymbol model, AttributeData attribute, KnownSymbols known, SyntaxNodeOrToken place)
    {
        string name = Profile.Read(attribute, model.Name).Name;
        string? reason = SyntaxFacts.IsValidIdentifier(name) && !IsReserved(name)
            ? IsTaken(model, attribute, name, known) ? $"'{model.ContainingSymbol.ToDisplayString()}' already has a class with this name" : null
            : "it is not an identifier";
        return reason is null ? null : DiagnosticInfo.Create(Rules.NameNotUsable, place, name, reason);
    }

    /// <summary>Whether another annotated class of this compilation will have a sibling, so that it can be referred to.</summary>
    public static bool HasSibling(INamedTypeSymbol model, KnownSymbols known)
        => known.QuantizeAttributes(model).Any()
            && ClassPart.Declarations(model, default).FirstOrDefault() is { } declaration
            && ClassPart.Declarations(model, default).All(part => CheckClass(model, part, known) is null)
            && known.QuantizeAttributes(model).All(a => CheckName(model, a, known, declaration.Identifier) is null);

    private static string? ReasonAgainst(INamedTypeSymbol model, ClassDeclarationSyntax declaration, KnownSymbols known)
    {
        if (model.IsStatic)
        {
            return "it is static";
        }

        if (!known.IsModule(model))
        {
            return "it does not derive from 'torch.nn.Module'";
        }

        if (known.IsFullPrecision(model))
        {
            return "it is also marked [FullPrecision]";
        }

        if (model.IsFileLocal)
        {
            return "it is local to its file, and the generated class is in another";
        }

        return BalancedDirectives.Hold(declaration) && declaration.AttributeLists.All(list => BalancedDirectives.Hold(declaration, list.GetLastToken().GetNextToken().SpanStart)) ? null : "it starts or ends inside a conditional directive (#if)";
    }

    private static bool IsReserved(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;

    private static bool IsTaken(INamedTypeSymbol model, AttributeData attribute, string name, KnownSymbols known)
    {
        INamespaceOrTypeSymbol container = (INamespaceOrTypeSymbol?)model.ContainingType ?? model.ContainingNamespace;
        if (container.GetMembers(name).Any(member => member is not INamedTypeSymbol type || type.Arity == model.Arity))
        {
            return true;
        }

        // Of two classes with one name, the first keeps it: profiles in their order, then one without a Name of its own, then by name.
        foreach (AttributeData earlier in known.QuantizeAttributes(model))
        {
            if (ReferenceEquals(earlier, attribute) || earlier.Equals(attribute))
            {
                break;
            }

            if (Profile.Read(earlier, model.Name).Name == name)
            {
                return true;
            }
        }

        return name != Profile.DefaultName(model.Name)
            && container.GetTypeMembers().Any(other => !KnownSymbols.Same(other, model)
                && other.Arity == model.Arity
                && known.QuantizeAttributes(other).Any(a => Profile.Read(a, other.Name).Name == name)
                && (name == Profile.DefaultName(other.Name) || string.CompareOrdinal(other.Name, model.Name) < 0));
    }
}
