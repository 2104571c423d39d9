using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>An expression that gives a module which other code makes.</summary>
/// <param name="Syntax">The expression.</param>
/// <param name="Name">What makes it, as a message names it.</param>
/// <param name="Class">The class of the module, whose layers are exchanged inside of it; <see langword="null"/> where the module itself is exchanged.</param>
/// <param name="IsLayer">Whether it is a layer of a concrete type, which is exchanged for that of its counterpart.</param>
internal sealed record BoundaryCall(SyntaxNode Syntax, string Name, INamedTypeSymbol? Class, bool IsLayer);
