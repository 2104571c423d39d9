using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
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
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> s_entries = new();

    private sealed class Entry
    {
        public ulong Fingerprint { get; set; }

        public ParsedClass? Parsed { get; set; }
    }

    public static ParsedClass Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        ulong fingerprint = SemanticFingerprint.Of(context.SemanticModel.Compilation);
        Entry entry = s_entries.GetOrCreateValue(context.TargetNode);
        lock (entry)
        {
            if (entry.Parsed is null || entry.Fingerprint != fingerprint)
            {
                entry.Parsed = ParseSafely(context, cancellation);
                entry.Fingerprint = fingerprint;
            }

            return entry.Parsed;
        }
    }

    /// <summary>A defect on one class says so at that class, and the others are generated.</summary>
    private static ParsedClass ParseSafely(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        try
        {
            return ModelParser.Parse(context, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            SyntaxToken name = ((ClassDeclarationSyntax)context.TargetNode).Identifier;
            string text = $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
            return new([], [DiagnosticInfo.Create(Rules.GeneratorFailed, name, name.ValueText, text)]);
        }
    }
}
