using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>Something that a file declares.</summary>
/// <param name="Name">The simple name by which other code finds it; empty where it can matter without being named.</param>
/// <param name="Hash">Of its signature and of what stands around it.</param>
/// <param name="Signature">Refers to other names.</param>
internal readonly record struct Declaration(string Name, ulong Hash, SyntaxNode Signature);
