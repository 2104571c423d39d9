using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>The directives of a file that can change what its declarations mean, and between which declarations they stand.</summary>
internal sealed class Directives
{
    private readonly List<int> _positions = [];

    public Directives(CompilationUnitSyntax root)
    {
        for (DirectiveTriviaSyntax? directive = root.ContainsDirectives ? root.GetFirstDirective() : null; directive is not null; directive = directive.GetNextDirective())
        {
            if (directive.Kind() is not (SyntaxKind.PragmaWarningDirectiveTrivia or SyntaxKind.PragmaChecksumDirectiveTrivia
                or SyntaxKind.LineDirectiveTrivia or SyntaxKind.LineSpanDirectiveTrivia))
            {
                _positions.Add(directive.SpanStart);
                Hash = Fnv.Mix(Hash, directive.ToString());
            }
        }
    }

    /// <summary>Of their texts.</summary>
    public ulong Hash { get; } = Fnv.Start;

    /// <summary>Mixes in how many of them stand before a declaration and in it.</summary>
    public ulong Mix(ulong hash, SyntaxNode declaration)
        => _positions.Count == 0 ? hash : Fnv.Mix(Fnv.Mix(hash, (ulong)Before(declaration.SpanStart)), (ulong)Before(declaration.Span.End));

    private int Before(int position)
    {
        int index = _positions.BinarySearch(position);
        return index < 0 ? ~index : index;
    }
}
