using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>What keeps a type as it was that would else be another one.</summary>
/// <param name="Place">Where.</param>
/// <param name="Reason">Why, in a user's words.</param>
/// <param name="IsOwn">Whether the type is the class itself or in it, so that the class cannot be quantized.</param>
internal readonly record struct TypeObstacle(SyntaxNode Place, string Reason, bool IsOwn);
