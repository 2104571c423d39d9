using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Pipeline;

/// <summary>Remembers what was parsed for a class for as long as neither it nor what it binds to changes.</summary>
/// <remarks>
/// <c>ForAttributeWithMetadataName</c> runs its transform for every annotated class after every edit anywhere, since
/// each edit gives a new compilation. The syntax node of an unchanged file stays the same object.
/// </remarks>
internal static class ModelMemo
{
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> s_annotated = new();
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> s_fromAssembly = new();

    private sealed class Entry
    {
        public ulong Fingerprint { get; set; }

        public ParsedClass? Parsed { get; set; }

        /// <summary>The parts of a partial class.</summary>
        public SyntaxNode[] Parts { get; set; } = [];
    }

    /// <summary>What an annotated class gives, or all classes that attributes of the assembly in one file name.</summary>
    public static ParsedClass Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
        => context.TargetNode is ClassDeclarationSyntax declaration
            ? Parse(s_annotated, context.SemanticModel, declaration, context.Attributes, cancellation)
            : ParseNamed(context, cancellation);

    private static ParsedClass ParseNamed(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        (List<ModelSpec> models, List<DiagnosticInfo> diagnostics) = ([], []);
        foreach (AttributeData attribute in context.Attributes)
        {
            ISymbol? named = attribute.ConstructorArguments is [{ Value: INamedTypeSymbol type }] ? type.OriginalDefinition : null;
            ClassDeclarationSyntax? declaration = named?.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<ClassDeclarationSyntax>().FirstOrDefault();
            if (declaration is null)
            {
                string reason = named is null ? "on the assembly, the attribute names a class, as in typeof(Net)" : "its source is not in this project";
                diagnostics.Add(DiagnosticInfo.Create(Rules.NotAModel, attribute.ApplicationSyntaxReference!.GetSyntax(cancellation), named?.Name ?? context.TargetSymbol.Name, reason));
                continue;
            }

            // Several attributes for one class are read at the first.
            AttributeData[] same = [.. context.Attributes.Where(other => other.ConstructorArguments is [{ Value: INamedTypeSymbol model }] && SymbolEqualityComparer.Default.Equals(model.OriginalDefinition, named))];
            if (same[0] == attribute)
            {
                ParsedClass parsed = Parse(s_fromAssembly, context.SemanticModel.Compilation.GetSemanticModel(declaration.SyntaxTree), declaration, same, cancellation);
                models.AddRange(parsed.Models);
                diagnostics.AddRange(parsed.Diagnostics);
            }
        }

        return new([.. models], [.. diagnostics]);
    }

    private static ParsedClass Parse(
        ConditionalWeakTable<SyntaxNode, Entry> entries, SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<AttributeData> attributes, CancellationToken cancellation)
    {
        ulong fingerprint = SemanticFingerprint.Of(model.Compilation);
        SyntaxNode[] parts = Parts(declaration, model, cancellation);
        Entry entry = entries.GetOrCreateValue(declaration);
        lock (entry)
        {
            if (entry.Parsed is null || entry.Fingerprint != fingerprint || !entry.Parts.SequenceEqual(parts))
            {
                entry.Parsed = ParseSafely(model, declaration, attributes, cancellation);
                (entry.Fingerprint, entry.Parts) = (fingerprint, parts);
            }

            return entry.Parsed;
        }
    }

    private static SyntaxNode[] Parts(ClassDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellation)
        => declaration.Modifiers.Any(SyntaxKind.PartialKeyword) && model.GetDeclaredSymbol(declaration, cancellation) is INamedTypeSymbol symbol
            ? [.. ClassPart.Declarations(symbol, cancellation)]
            : [declaration];

    /// <summary>A defect on one class says so at that class, and the others are generated.</summary>
    private static ParsedClass ParseSafely(SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<AttributeData> attributes, CancellationToken cancellation)
    {
        try
        {
            return ModelParser.Parse(model, declaration, attributes, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            SyntaxToken name = declaration.Identifier;
            string text = $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
            return new([], [DiagnosticInfo.Create(Rules.GeneratorFailed, name, name.ValueText, text)]);
        }
    }
}
