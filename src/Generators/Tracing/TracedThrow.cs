using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Tracing;

/// <summary>
/// An operation that cannot be recorded becomes an expression that throws, so that a branch which is off, or a method which is not called, does no
/// harm to the export.
/// </summary>
internal static class TracedThrow
{
    /// <summary>What is thrown where an operation is reached, or why the whole method throws.</summary>
    /// <param name="method">The method, as a message names it.</param>
    /// <param name="place">The operation; of a whole method its declaration.</param>
    /// <param name="reason">Why it cannot be recorded.</param>
    /// <param name="context">The class and its profile.</param>
    public static string Message(string method, SyntaxNode place, string reason, RewriteContext context)
    {
        string line = SourceLine.At(place.SpanStart - context.PartOf(place).Origin);
        string operation = place is MethodDeclarationSyntax ? "" : $"'{DiagnosticInfo.OneLine(place)}' in line {line}: ";
        return $"'{method}' cannot be exported to ONNX: {operation}{reason}";
    }

    /// <summary>Writes the expression, where the text there allows one.</summary>
    /// <returns>Whether it could be written.</returns>
    public static bool TryWrite(string method, Obstacle obstacle, RewriteContext context, TracedTypes types, EditList edits)
    {
        if (Whole(obstacle.Place) is not { } whole || !CanBeReplaced(whole) || Type(whole, context, types) is not { } type)
        {
            return false;
        }

        string message = SymbolDisplay.FormatLiteral(Message(method, obstacle.Place, obstacle.Reason, context), quote: true);
        string thrown = $"throw new global::System.NotSupportedException({message})";
        edits.ReplaceAll(whole.Span, $"(({(type.Length == 0 ? "global::System.Action" : $"global::System.Func<{type}>")})(() => {thrown}))()");
        return true;
    }

    /// <summary>The expression to replace: of a local its first value, and all of <c>a?.b</c> where only <c>.b</c> cannot be recorded.</summary>
    private static ExpressionSyntax? Whole(SyntaxNode place)
    {
        ExpressionSyntax? expression = place is VariableDeclaratorSyntax { Initializer.Value: { } value } ? value : place as ExpressionSyntax;
        while (expression is not null && (IsBehindQuestionMark(expression) || expression.Parent is PostfixUnaryExpressionSyntax))
        {
            expression = expression.Parent as ExpressionSyntax ?? expression.Ancestors().OfType<ExpressionSyntax>().FirstOrDefault();
        }

        return expression;
    }

    private static bool IsBehindQuestionMark(ExpressionSyntax expression)
        => expression is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax
            || expression.GetFirstToken().Parent is MemberBindingExpressionSyntax or BracketedArgumentListSyntax { Parent: ElementBindingExpressionSyntax };

    /// <summary>Whether another expression can stand there, and nothing behind it misses a variable that it declares.</summary>
    private static bool CanBeReplaced(ExpressionSyntax expression)
    {
        bool declares = expression.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax or ParenthesizedVariableDesignationSyntax);
        bool isPlace = expression.Parent is AssignmentExpressionSyntax assignment && assignment.Left == expression;
        bool isReference = expression.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or RefExpressionSyntax
            or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression };
        bool isInitializer = expression is InitializerExpressionSyntax or CollectionExpressionSyntax
            || expression.Parent is InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression };
        bool isName = expression.Parent is MemberAccessExpressionSyntax access && access.Name == expression;
        return !declares && !isPlace && !isReference && !isInitializer && !isName
            && expression is not (AnonymousFunctionExpressionSyntax or DeclarationExpressionSyntax)
            && !expression.Ancestors().TakeWhile(node => node is ExpressionSyntax or ArgumentSyntax or ArgumentListSyntax)
                .Any(node => node is AwaitExpressionSyntax);
    }

    /// <summary>
    /// How the type of the value is written over traced tensors, nothing for none; <see langword="null"/> where it has none that can be written.
    /// </summary>
    private static string? Type(ExpressionSyntax expression, RewriteContext context, TracedTypes types)
    {
        TypeInfo info = context.ModelOf(expression).GetTypeInfo(expression, context.Cancellation);

        // A number that becomes a tensor where it stands.
        bool becomesTensor = info.ConvertedType is { } converted && types.Mentions(converted) && !types.Mentions(info.Type);
        return (becomesTensor ? info.ConvertedType : info.Type ?? info.ConvertedType) switch
        {
            { SpecialType: SpecialType.System_Void } => "",
            { } type when CanBeWritten(type, context) => Name(type, types),
            _ => null,
        };
    }

    private static readonly SymbolDisplayFormat s_format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static string Name(ITypeSymbol type, TracedTypes types)
    {
        string name = types.Map(type).ToDisplayString(s_format);
        return name.TrimEnd('?') is var plain && type.IsReferenceType ? plain : name;
    }

    /// <summary>Whether a type is the same in the generated class, apart from tensors.</summary>
    private static bool CanBeWritten(ITypeSymbol type, RewriteContext context) => type switch
    {
        IArrayTypeSymbol array => CanBeWritten(array.ElementType, context),
        INamedTypeSymbol named => !named.IsAnonymousType && !named.IsRefLikeType && !named.IsFileLocal && named.TypeKind != TypeKind.Error
            && !context.IsInside(named) && !context.Known.TryGetQuantized(named, out _, out _) && SiblingModels.NameOf(named, context) is null
            && named.TypeArguments.All(argument => CanBeWritten(argument, context)),
        ITypeParameterSymbol => true,
        _ => false,
    };
}
