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
        foreach ((SyntaxNode call, IMethodSymbol method) in calls.All.Where(entry => CanStand(entry.Call, context, agreement)))
        {
            string name = context.Short(KnownSymbols.ModulesNamespace, BoundaryCalls.Converter, call);
            (Profile, string) place = context.PlaceOf(call);
            edits.At(call).Wrap(call.Span, $"{name}.Convert(", $", {context.Descriptors.Input(place, isNonNegative: false)}, {context.Descriptors.Weight(isTransposed: false, place)})");
            diagnostics.Add(DiagnosticInfo.Create(Rules.ConvertedAtRunTime, call, $"{method.ContainingType.Name}.{method.Name}"));
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
