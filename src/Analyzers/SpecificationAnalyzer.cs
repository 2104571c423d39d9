using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Analyzers.Literals;
using QuantGen.Diagnostics;
using QuantGen.Specification;

namespace QuantGen.Analyzers;

/// <summary>QG0001: a token of a specification string such as <c>[Quantize(Input = "8bits")]</c> is unknown or contradicts another.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpecificationAnalyzer : DiagnosticAnalyzer
{
    private static readonly string[] s_attributes = ["QuantGen.QuantizeAttribute", "QuantGen.QuantizeProfileAttribute"];

    private static readonly ImmutableHashSet<string> s_properties = ["Input", "Weight", "Residual"];

    /// <summary>The rule.</summary>
    internal static readonly DiagnosticDescriptor Rule = new(
        "QG0001", "A specification string says something unknown or contradictory", "{0}", "QuantGen", DiagnosticSeverity.Error,
        isEnabledByDefault: true, helpLinkUri: HelpLink.Of("QG0001"));

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            ImmutableArray<INamedTypeSymbol> attributes = [.. s_attributes.Select(start.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>()];
            if (!attributes.IsEmpty)
            {
                start.RegisterSyntaxNodeAction(node => Analyze(node, attributes), SyntaxKind.AttributeArgument);
            }
        });
    }

    private static void Analyze(SyntaxNodeAnalysisContext context, ImmutableArray<INamedTypeSymbol> attributes)
    {
        AttributeArgumentSyntax argument = (AttributeArgumentSyntax)context.Node;
        if (argument.NameEquals is not { } name
            || !s_properties.Contains(name.Name.Identifier.ValueText)
            || argument.Parent?.Parent is not AttributeSyntax syntax
            || context.SemanticModel.GetTypeInfo(syntax, context.CancellationToken).Type is not INamedTypeSymbol type
            || !attributes.Contains(type, SymbolEqualityComparer.Default)
            || context.SemanticModel.GetConstantValue(argument.Expression, context.CancellationToken) is not { HasValue: true, Value: string text })
        {
            return;
        }

        bool isWeight = name.Name.Identifier.ValueText == "Weight";
        ImmutableArray<SpecificationError> errors = SpecificationParser.Parse(text, isPerChannelByDefault: isWeight).Errors;
        if (!isWeight && errors.IsEmpty && !AttributeTarget.TakesAffine(syntax, attributes, context.SemanticModel, context.CancellationToken))
        {
            errors =
            [
                .. SpecificationToken.Split(text).Where(token => token.Text == KnownTokens.Affine).Select(token => new SpecificationError(
                    token.Start, token.Text.Length, "'affine' has a zero-point, which TensorRT does not take; say Target = QuantTarget.OnnxRuntime, or leave it out")),
            ];
        }

        foreach (SpecificationError error in errors)
        {
            TextSpan span = LiteralSpan.Of(argument.Expression, error.Start, error.Length) ?? argument.Expression.Span;
            context.ReportDiagnostic(Diagnostic.Create(Rule, Location.Create(syntax.SyntaxTree, span), error.Message));
        }
    }
}
