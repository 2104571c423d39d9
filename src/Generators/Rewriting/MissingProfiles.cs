using Microsoft.CodeAnalysis;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Tells where a profile takes another model's sibling that is of another profile, since that model has none of the same name.</summary>
internal static class MissingProfiles
{
    public static void Report(RewriteContext context, TypeAgreement agreement, List<DiagnosticInfo> diagnostics)
    {
        HashSet<ISymbol> told = new(SymbolEqualityComparer.Default);
        foreach (TypeName name in context.Parts.SelectMany(part => part.TypeNames))
        {
            if (name.Type is INamedTypeSymbol model
                && SiblingModels.NameOf(model, context) is { } taken
                && Profile.Wanted(context.Profile.Name, context.Symbol.Name, model.Name) is var wanted && wanted != taken
                && !agreement.Keeps(name.Syntax)
                && told.Add(model.OriginalDefinition))
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.ProfileMissing, name.Syntax, model.Name, wanted, context.Profile.Name, taken));
            }
        }
    }
}
