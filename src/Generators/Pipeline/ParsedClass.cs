using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Pipeline;

/// <summary>All that the pipeline knows of one annotated class: a model per profile, and what is to be said about it.</summary>
internal sealed record ParsedClass(EquatableArray<ModelSpec> Models, EquatableArray<DiagnosticInfo> Diagnostics);
