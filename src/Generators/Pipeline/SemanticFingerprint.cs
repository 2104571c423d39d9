using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace QuantGen.Generators.Pipeline;

/// <summary>A hash of all that can change how a method body in an unchanged file binds.</summary>
/// <remarks>
/// That is: the references, the options, and what each file declares. Method bodies and the initialisers of fields and
/// properties that are not constant are left out, so that typing inside a body keeps the hash. Each tree is hashed once.
/// </remarks>
internal static class SemanticFingerprint
{
    private const ulong Seed = 14695981039346656037UL;

    private static readonly ConditionalWeakTable<Compilation, StrongBox<ulong>> s_compilations = new();
    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<ulong>> s_trees = new();

    public static ulong Of(Compilation compilation) => s_compilations.GetValue(compilation, static c => new(Compute(c))).Value;

    private static ulong Compute(Compilation compilation)
    {
        // Not Options.GetHashCode(): inside the command-line compiler one of its resolvers throws from GetHashCode.
        CSharpCompilationOptions options = (CSharpCompilationOptions)compilation.Options;
        ulong hash = Mix(Seed, (ulong)options.NullableContextOptions + (options.CheckOverflow ? 16UL : 0) + (options.AllowUnsafe ? 32UL : 0));
        foreach (MetadataReference reference in compilation.References)
        {
            hash = Mix(hash, (ulong)RuntimeHelpers.GetHashCode(reference));
        }

        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            hash = Mix(hash, s_trees.GetValue(tree, static t => new(Compute(t))).Value);
        }

        return hash;
    }

    private static ulong Compute(SyntaxTree tree)
    {
        Walker walker = new(tree.GetText());
        walker.Visit(tree.GetRoot());
        return Mix(walker.Hash, (ulong)tree.Options.GetHashCode());
    }

    private static ulong Mix(ulong hash, ulong value) => unchecked((hash ^ value) * 1099511628211UL);

    private sealed class Walker(SourceText text) : CSharpSyntaxWalker(SyntaxWalkerDepth.Token)
    {
        public ulong Hash { get; private set; } = Seed;

        public override void VisitBlock(BlockSyntax node) => Hash = Mix(Hash, '{');

        public override void VisitArrowExpressionClause(ArrowExpressionClauseSyntax node) => Hash = Mix(Hash, '=');

        public override void VisitGlobalStatement(GlobalStatementSyntax node) => Hash = Mix(Hash, ';');

        public override void VisitEqualsValueClause(EqualsValueClauseSyntax node)
        {
            bool constant = node.Parent is ParameterSyntax or EnumMemberDeclarationSyntax
                || (node.Parent is VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax field } && field.Modifiers.Any(SyntaxKind.ConstKeyword));
            if (constant)
            {
                base.VisitEqualsValueClause(node);
            }
        }

        public override void VisitToken(SyntaxToken token)
        {
            ulong hash = Hash;
            for (int i = token.SpanStart, end = token.Span.End; i < end; i++)
            {
                hash = Mix(hash, text[i]);
            }

            Hash = Mix(hash, ' ');
        }
    }
}
