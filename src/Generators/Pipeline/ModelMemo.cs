using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Emitting;
using QuantGen.Generators.Models;
using QuantGen.Generators.Pipeline.Outlines;

namespace QuantGen.Generators.Pipeline;

/// <summary>Reads one annotated class.</summary>
/// <param name="model">Of the class's file.</param>
/// <param name="declaration">The class, or the part of it that is annotated.</param>
/// <param name="attributes">Its <c>[Quantize]</c>s, or the assembly's for it.</param>
/// <param name="cancellation">Stops it.</param>
internal delegate ParsedClass ModelReader(SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<AttributeData> attributes, CancellationToken cancellation);

/// <summary>Remembers what was read for a class for as long as neither it nor what it can depend on changes.</summary>
/// <remarks>
/// One memo belongs to one project. It is asked after every edit, so that a class that is remembered must cost nothing. An
/// edit often comes before the reading is done; the classes that were read until then are remembered too.
/// </remarks>
internal sealed class ModelMemo(ModelReader read)
{
    private readonly ConcurrentDictionary<Key, MemoEntry> _entries = new();

    /// <summary>A class by its place, whatever its text is: the file, the names of the types, and which of those that are named so.</summary>
    private readonly record struct Key(string Path, string Name, int Number, bool FromAssembly);

    /// <summary>What all annotated classes give.</summary>
    public ImmutableArray<ParsedClass> Read(Compilation compilation, CancellationToken cancellation)
    {
        (List<AnnotatedClass> classes, List<DiagnosticInfo> problems) = AnnotatedClasses.Find(compilation, cancellation);
        if (classes.Count == 0)
        {
            _entries.Clear();
            return problems.Count == 0 ? [] : [new([], [.. problems])];
        }

        ProjectOutline outline = ProjectOutline.Of(compilation);
        Key[] keys = Keys(classes);
        ParsedClass[] parsed = new ParsedClass[classes.Count];
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = compilation.Options.ConcurrentBuild ? -1 : 1 };
        Parallel.For(0, classes.Count, options, i => parsed[i] = Read(keys[i], classes[i], compilation, outline, cancellation));
        foreach (Key gone in _entries.Keys.Except(keys))
        {
            _entries.TryRemove(gone, out _);
        }

        return [.. parsed, .. problems.Count == 0 ? Array.Empty<ParsedClass>() : [new([], [.. problems])]];
    }

    private ParsedClass Read(Key key, AnnotatedClass found, Compilation compilation, ProjectOutline outline, CancellationToken cancellation)
    {
        MemoEntry? entry = _entries.TryGetValue(key, out MemoEntry? known) ? known.For(found.Declaration, compilation, outline) : null;
        if (entry is null)
        {
            SemanticModel model = compilation.GetSemanticModel(found.Declaration.SyntaxTree);
            entry = MemoEntry.Create(found, model, ReadSafely(found, model, cancellation), outline, cancellation);
        }

        _entries[key] = entry;
        return entry.Parsed;
    }

    /// <summary>A defect on one class says so at that class, and the others are generated.</summary>
    private ParsedClass ReadSafely(AnnotatedClass found, SemanticModel model, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<AttributeData> attributes = found.Attributes(model, cancellation);
            ParsedClass parsed = attributes.Count == 0 ? new([], []) : read(model, found.Declaration, attributes, cancellation);

            // What cannot be written is told of here too: an exception in the output would leave all classes without their files.
            foreach (ModelSpec spec in parsed.Models)
            {
                ModelEmitter.Emit(spec, new GeneratorOptions(LineDirectives: true));
            }

            return parsed;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            SyntaxToken name = found.Declaration.Identifier;
            string text = $"{error.GetType().Name}: {error.Message} {error.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
            return new([], [DiagnosticInfo.Create(Rules.GeneratorFailed, name, name.ValueText, text)]);
        }
    }

    private static Key[] Keys(List<AnnotatedClass> classes)
    {
        Dictionary<Key, int> numbers = [];
        return [.. classes.Select(Number)];

        Key Number(AnnotatedClass found)
        {
            IEnumerable<string> names = found.Declaration.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.ValueText);
            Key first = new(found.Declaration.SyntaxTree.FilePath, string.Join(".", names), 0, found.FromAssembly is not null);
            numbers[first] = numbers.TryGetValue(first, out int number) ? number + 1 : 0;
            return first with { Number = numbers[first] };
        }
    }
}
