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

    public static void Rewrite(ClassText text, RewriteContext context, TypeAgreement agreement, PartEdits edits, List<DiagnosticInfo> diagnostics)
    {
        IEnumerable<IOperation> makers = text.Methods.Where(method => !method.Key.Parameters.Any(parameter => context.Known.IsTensor(parameter.Type))).Select(method => method.Value);
        foreach (IInvocationOperation call in text.Initialization.Concat(makers).SelectMany(body => body.DescendantsAndSelf()).OfType<IInvocationOperation>())
        {
            bool isTyped = IsOfLayer(call, context);
            if (!IsElsewhere(call, context)
                || !(isTyped || IsOfModules(call, context))
                || context.IsFullPrecision(call.Syntax)
                || (isTyped && !IsUsedAsAbstract(call, context) && agreement.Keeps(call.Syntax)))
            {
                continue;
            }

            string name = context.Short(KnownSymbols.ModulesNamespace, Converter, call.Syntax);
            (Profile, string) place = (context.Profile, "");
            edits.At(call.Syntax).Wrap(call.Syntax.Span, $"{name}.Convert(", $", {context.Descriptors.Input(place)}, {context.Descriptors.Weight(isTransposed: false, place)})");
            diagnostics.Add(DiagnosticInfo.Create(Rules.ConvertedAtRunTime, call.Syntax, $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}"));
        }
    }

    /// <summary>Whether a call gives a layer that other code makes and that can be exchanged for its counterpart, type and all.</summary>
    public static bool GivesLayer(IInvocationOperation call, RewriteContext context)
        => IsOfLayer(call, context) && IsElsewhere(call, context) && !context.IsFullPrecision(call.Syntax);

    /// <summary>Whether a method is neither of the class nor of another model, TorchSharp or QuantGen, so that what it makes is made elsewhere.</summary>
    private static bool IsElsewhere(IInvocationOperation call, RewriteContext context)
    {
        IMethodSymbol method = call.TargetMethod.OriginalDefinition;
        return !context.Profile.Input.None && !context.Profile.Weight.None
            && !context.IsInside(method.ContainingType)
            && method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension
            && !KnownSymbols.Same(method.ContainingAssembly, context.Known.Module.ContainingAssembly)
            && !KnownSymbols.Same(method.ContainingAssembly, context.Known.Quantize.ContainingAssembly)
            && SiblingModels.NameOf(method.ContainingType, context) is null
            && method.ReturnType is INamedTypeSymbol
            && call.Syntax.GetFirstToken().Parent is not MemberBindingExpressionSyntax
            && context.Compilation.GetTypeByMetadataName($"{KnownSymbols.ModulesNamespace}.{Converter}") is not null;
    }

    /// <summary>Whether the runtime converts a layer of this type.</summary>
    private static bool IsOfLayer(IInvocationOperation call, RewriteContext context)
        => context.Known.TryGetQuantized(call.Type, out KnownModule module, out INamedTypeSymbol quantized)
            && context.Quantizes(module)
            && !module.OnRequest
            && context.Compilation.GetTypeByMetadataName($"{KnownSymbols.ModulesNamespace}.{Converter}")?.GetMembers("Convert").OfType<IMethodSymbol>()
                .Any(convert => KnownSymbols.Same(convert.ReturnType, quantized) && convert.Parameters.Skip(1).All(parameter => parameter.IsOptional)) == true;

    /// <summary>Whether the call gives a module of an abstract type, or a <c>Sequential</c>, or a layer that is used as one.</summary>
    private static bool IsOfModules(IInvocationOperation call, RewriteContext context)
        => IsAbstract(call.Type, context) || (call.Type is { Name: "Sequential" } type && KnownSymbols.Same(type.ContainingAssembly, context.Known.Module.ContainingAssembly));

    private static bool IsUsedAsAbstract(IInvocationOperation call, RewriteContext context)
        => call.Parent is IConversionOperation { IsImplicit: true } conversion && IsAbstract(conversion.Type, context);

    private static bool IsAbstract(ITypeSymbol? type, RewriteContext context)
        => type is INamedTypeSymbol { Name: "Module", TypeArguments: [var from, var to] } && KnownSymbols.Same(type.ContainingType, context.Known.Nn)
            && KnownSymbols.Same(from, context.Known.Tensor) && KnownSymbols.Same(to, context.Known.Tensor);
}
