using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// <c>Helper.MakeBlock()</c>, which other code makes, becomes <c>QuantModules.Convert(Helper.MakeBlock(), …)</c>: quantized
/// when the model is built, where the type at that place allows it.
/// </summary>
internal static class BoundaryRewriter
{
    private const string Converter = "QuantModules";

    public static void Rewrite(ClassText text, RewriteContext context, PartEdits edits, List<DiagnosticInfo> diagnostics)
    {
        if (context.Profile.Input.None || context.Profile.Weight.None || context.Known.Module.ContainingAssembly is not { } torchSharp
            || context.Compilation.GetTypeByMetadataName($"{KnownSymbols.ModulesNamespace}.{Converter}") is null)
        {
            return;
        }

        IEnumerable<IOperation> makers = text.Methods.Where(method => !method.Key.Parameters.Any(parameter => context.Known.IsTensor(parameter.Type))).Select(method => method.Value);
        foreach (IInvocationOperation call in text.Initialization.Concat(makers).SelectMany(body => body.DescendantsAndSelf()).OfType<IInvocationOperation>())
        {
            IMethodSymbol method = call.TargetMethod.OriginalDefinition;
            bool isElsewhere = !context.IsInside(method.ContainingType)
                && method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
                && !KnownSymbols.Same(method.ContainingAssembly, torchSharp)
                && !KnownSymbols.Same(method.ContainingAssembly, context.Known.Quantize.ContainingAssembly)
                && SiblingModels.NameOf(method.ContainingType, context) is null
                && method.ReturnType is INamedTypeSymbol { NullableAnnotation: not NullableAnnotation.Annotated };
            if (!isElsewhere || !CanConvert(call, context) || context.IsFullPrecision(call.Syntax) || call.Syntax.GetFirstToken().Parent is MemberBindingExpressionSyntax)
            {
                continue;
            }

            string name = context.Short(KnownSymbols.ModulesNamespace, Converter, call.Syntax);
            (Profile, string) place = (context.Profile, "");
            KnownModule linear = KnownModules.All.First(module => module.Name == "Linear");
            edits.At(call.Syntax).Wrap(call.Syntax.Span, $"{name}.Convert(", $", {context.Descriptors.Input(place)}, {context.Descriptors.Weight(linear, place)})");
            diagnostics.Add(DiagnosticInfo.Create(Rules.ConvertedAtRunTime, call.Syntax, $"{method.ContainingType.Name}.{method.Name}"));
        }
    }

    /// <summary>Whether the call gives a module of an abstract type, or a <c>Sequential</c>, or is used as one.</summary>
    private static bool CanConvert(IInvocationOperation call, RewriteContext context)
        => IsAbstract(call.Type, context)
            || (call.Type is { Name: "Sequential" } type && KnownSymbols.Same(type.ContainingAssembly, context.Known.Module.ContainingAssembly))
            || (context.Known.TryGetQuantized(call.Type, out _, out _) && call.Parent is IConversionOperation { IsImplicit: true } conversion && IsAbstract(conversion.Type, context));

    private static bool IsAbstract(ITypeSymbol? type, RewriteContext context)
        => type is INamedTypeSymbol { Name: "Module", TypeArguments: [var from, var to] } && KnownSymbols.Same(type.ContainingType, context.Known.Nn)
            && KnownSymbols.Same(from, context.Known.Tensor) && KnownSymbols.Same(to, context.Known.Tensor);
}
