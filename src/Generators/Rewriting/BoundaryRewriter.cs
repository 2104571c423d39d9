using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// <c>Helper.MakeBlock()</c>, which other code makes, becomes <c>QuantModules.Convert(Helper.MakeBlock(), …)</c>: quantized
/// when the model is built, where the type at that place allows it.
/// </summary>
internal static class BoundaryRewriter
{
    public static void Rewrite(BoundaryCalls calls, RewriteContext context, TypeAgreement agreement, PartEdits edits, List<DiagnosticInfo> diagnostics)
    {
        foreach (BoundaryCall call in calls.All.Where(call => call.Class is not null || CanStand(call.Syntax, context, agreement)))
        {
            string name = context.Short(KnownSymbols.ModulesNamespace, BoundaryCalls.Converter, call.Syntax);
            string method = call.Class is null ? "Convert" : "ConvertLayers";
            (Profile, string) place = context.PlaceOf(call.Syntax);
            string input = context.Descriptors.Input(place, isNonNegative: false);
            string weight = context.Descriptors.Weight(isTransposed: false, place);
            edits.At(call.Syntax).Wrap(call.Syntax.Span, $"{name}.{method}(", $", {input}, {weight})");
            diagnostics.Add(ReasonAgainst(call, context) is { } reason
                ? DiagnosticInfo.Create(Rules.LayersStay, call.Syntax, DiagnosticInfo.OneLine(call.Syntax), reason)
                : DiagnosticInfo.Create(Rules.ConvertedAtRunTime, call.Syntax, call.Name));
        }
    }

    /// <summary>Why a module is not quantized as it would be if the model made it, or <see langword="null"/>.</summary>
    private static string? ReasonAgainst(BoundaryCall call, RewriteContext context)
    {
        if (call.Class is not { } type)
        {
            return null;
        }

        if (SiblingModels.NameOf(type, context) is { } sibling)
        {
            int modules = ModuleFields.Of(type, context.Known).Count;
            return $"'{call.Name}' makes a '{type.Name}', not a '{sibling}'; {modules} {(modules == 1 ? "module" : "modules")} in it can hold layers, "
                + $"of which those under abstract types are quantized when the model is built. Make it by 'new {type.Name}(…)' here";
        }

        string[] narrow = [.. Narrow(type, context)];
        return narrow.Length == 0
            ? null
            : $"{narrow.Length} of its fields ({string.Join(", ", narrow)}) cannot take quantized layers; declare them as Module<Tensor, Tensor>, or annotate '{type.Name}'";
    }

    /// <summary>The fields of a class whose types are those of layers, so that no counterpart can stand there.</summary>
    private static IEnumerable<string> Narrow(INamedTypeSymbol type, RewriteContext context)
    {
        for (INamedTypeSymbol? at = type; at is not null && ModuleFields.IsOfUser(at, context.Known); at = at.BaseType)
        {
            foreach (IFieldSymbol field in at.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic))
            {
                if (context.Known.TryGetQuantized(field.Type, out KnownModule module, out _) && context.Quantizes(module) && module is { OnRequest: false, IsActivation: false })
                {
                    yield return (field.AssociatedSymbol ?? field).Name;
                }
            }
        }
    }

    /// <summary>Whether a quantized module can stand where the call is.</summary>
    private static bool CanStand(SyntaxNode call, RewriteContext context, TypeAgreement agreement)
    {
        SyntaxNode value = call;
        while (value.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            value = value.Parent;
        }

        TypeSyntax? written = value.Parent switch
        {
            CastExpressionSyntax cast => cast.Type,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression or (int)SyntaxKind.IsExpression, Right: TypeSyntax type } => type,
            _ => null,
        };
        if (written is not null && context.ModelOf(written).GetTypeInfo(written, context.Cancellation).Type is { } target)
        {
            // (Linear)Helper.Make() is (QuantLinear)…, or stays.
            return IsAbstract(target, context) || (context.Known.TryGetQuantized(target, out KnownModule module, out _) && context.Quantizes(module) && !agreement.Keeps(written));
        }

        TypeInfo info = context.ModelOf(call).GetTypeInfo(call, context.Cancellation);
        return IsAbstract(info.ConvertedType, context) || !context.Known.TryGetQuantized(info.Type, out _, out _) || !agreement.Keeps(call);
    }

    private static bool IsAbstract(ITypeSymbol? type, RewriteContext context)
        => KnownSymbols.Same(type, context.Known.Module)
            || (type is INamedTypeSymbol { Name: "Module", TypeArguments: [var from, var to] } && KnownSymbols.Same(type.ContainingType, context.Known.Nn)
                && KnownSymbols.Same(from, context.Known.Tensor) && KnownSymbols.Same(to, context.Known.Tensor));
}
