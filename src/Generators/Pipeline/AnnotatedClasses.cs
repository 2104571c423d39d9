using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Pipeline;

/// <summary>Finds the annotated classes of a project.</summary>
/// <remarks>
/// By their syntax alone: <c>ForAttributeWithMetadataName</c> binds the attributes of every class that has some, after every
/// edit anywhere, which costs more than all else that is done after most edits.
/// </remarks>
internal static class AnnotatedClasses
{
    /// <summary>The classes that may be annotated, and what is wrong with attributes of the assembly that name none.</summary>
    public static (List<AnnotatedClass> Classes, List<DiagnosticInfo> Problems) Find(Compilation compilation, CancellationToken cancellation)
    {
        List<AttributedFile> files = [];
        HashSet<string> globalAliases = [];
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            files.Add(AttributedFile.Of(tree));
            globalAliases.UnionWith(files[^1].GlobalAliases);
        }

        List<AnnotatedClass> classes = [.. files.SelectMany(file => file.Classes(globalAliases)).Select(declaration => new AnnotatedClass(declaration, null))];
        List<DiagnosticInfo> problems = [];
        if (files.Any(file => file.OfAssembly(globalAliases)))
        {
            AddFromAssembly(compilation, classes, problems, cancellation);
            AddOfProfiles(compilation, files, classes, problems, cancellation);
        }

        return (classes, problems);
    }

    private static void AddFromAssembly(Compilation compilation, List<AnnotatedClass> classes, List<DiagnosticInfo> problems, CancellationToken cancellation)
    {
        KnownSymbols? known = KnownSymbols.Of(compilation);
        problems.AddRange(
            from pair in known?.PairProblems ?? []
            let place = pair.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellation)
            where place is not null
            select DiagnosticInfo.Create(Rules.PairNotUsable, place, pair.Module, pair.Quantized, pair.Reason));

        INamedTypeSymbol? quantize = known?.Quantize;
        IEnumerable<AttributeData> attributes = compilation.Assembly.GetAttributes().Where(attribute => quantize is not null && KnownSymbols.Same(attribute.AttributeClass, quantize));

        // Several attributes for one class are read together.
        foreach (IGrouping<ISymbol?, AttributeData> named in attributes.GroupBy(Named, SymbolEqualityComparer.Default))
        {
            ClassDeclarationSyntax? declaration = named.Key?.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<ClassDeclarationSyntax>().FirstOrDefault();
            if (declaration is not null)
            {
                classes.Add(new(declaration, [.. named]));
                continue;
            }

            string reason = named.Key is null ? "on the assembly, the attribute names a class, as in typeof(Net)" : "its source is not in this project";
            problems.AddRange(named.Select(attribute => DiagnosticInfo.Create(
                Rules.NotAModel, attribute.ApplicationSyntaxReference!.GetSyntax(cancellation), named.Key?.Name ?? compilation.Assembly.Name, reason)));
        }
    }

    /// <summary>The classes that profiles of the assembly are for.</summary>
    private static void AddOfProfiles(Compilation compilation, List<AttributedFile> files, List<AnnotatedClass> classes, List<DiagnosticInfo> problems, CancellationToken cancellation)
    {
        if (KnownSymbols.Of(compilation) is not { Profiles.Count: > 0 } known)
        {
            return;
        }

        HashSet<AttributeData> used = [];
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        foreach (ClassDeclarationSyntax declaration in files.SelectMany(file => file.All))
        {
            if (compilation.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, cancellation) is INamedTypeSymbol symbol
                && known.ProfilesOf(symbol).ToList() is { Count: > 0 } profiles && seen.Add(symbol))
            {
                classes.Add(new(declaration, profiles));
                used.UnionWith(profiles);
            }
        }

        problems.AddRange(
            from profile in known.Profiles
            where !used.Contains(profile)
            let place = profile.ApplicationSyntaxReference?.GetSyntax(cancellation)
            where place is not null
            select DiagnosticInfo.Create(
                Rules.PatternMatchesNothing, place, KnownSymbols.ClassesOf(profile) ?? "*", KnownSymbols.ClassesOf(profile) is null ? "class with [Quantize]" : "class of modules", compilation.Assembly.Name));
    }

    private static INamedTypeSymbol? Named(AttributeData attribute)
        => attribute.ConstructorArguments is [{ Value: INamedTypeSymbol type }] ? type.OriginalDefinition : null;
}
