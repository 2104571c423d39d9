using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// Partial members that another generator implements, as <c>[GeneratedRegex]</c>, <c>[LoggerMessage]</c> and <c>[LibraryImport]</c> do. No generator sees
/// what others write, so that nobody would implement them in the sibling: a static one calls that of the model, whose implementation is the same.
/// </summary>
internal static class PartialMemberRewriter
{
    private const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";

    public static void Rewrite(TypeDeclarationSyntax type, RewriteContext context, TypeAgreement agreement, EditList edits, List<DiagnosticInfo> diagnostics)
    {
        foreach (MemberDeclarationSyntax member in type.Members)
        {
            switch (member)
            {
                case MethodDeclarationSyntax { SemicolonToken: { RawKind: (int)SyntaxKind.SemicolonToken } end } method
                    when PartialMembers.ImplementedByOthers(method, context) is IMethodSymbol symbol:
                    Write(method, end.Span, Body(method, symbol, context, agreement), symbol, context, edits, diagnostics);
                    break;

                case PropertyDeclarationSyntax { AccessorList: { } accessors } property
                    when PartialMembers.ImplementedByOthers(property, context) is IPropertySymbol { GetMethod: { } getter, SetMethod: null }:
                    Write(property, accessors.Span, Body(property, getter, context, agreement), getter, context, edits, diagnostics);
                    break;
            }
        }
    }

    private static void Write(
        MemberDeclarationSyntax member, TextSpan end, string? body, IMethodSymbol symbol, RewriteContext context, EditList edits, List<DiagnosticInfo> diagnostics)
    {
        // The attribute asks the other generator for an implementation.
        foreach (AttributeListSyntax list in member.AttributeLists)
        {
            edits.Replace(list.Span, new('\n', list.ToString().Count(c => c == '\n')));
        }

        SyntaxToken partial = member.Modifiers.First(modifier => modifier.IsKind(SyntaxKind.PartialKeyword));
        edits.Replace(TextSpan.FromBounds(partial.SpanStart, partial.GetNextToken().SpanStart), "");
        if (body is null)
        {
            string name = (symbol.AssociatedSymbol ?? symbol).Name;
            SyntaxToken place = member is MethodDeclarationSyntax method ? method.Identifier : ((PropertyDeclarationSyntax)member).Identifier;
            diagnostics.Add(DiagnosticInfo.Create(Rules.PartialMemberOfOthers, place, $"{context.Symbol.Name}.{name}"));
            string text = $"'{context.Symbol.Name}.{name}' is implemented by another generator, which does not see '{context.Profile.Name}'.";
            body = $" => throw new global::System.NotSupportedException({SymbolDisplay.FormatLiteral(text, quote: true)});";
        }

        edits.Replace(end, body);
    }

    /// <summary>What implements the member in the sibling, or <see langword="null"/> where nothing can.</summary>
    private static string? Body(MemberDeclarationSyntax member, IMethodSymbol method, RewriteContext context, TypeAgreement agreement)
    {
        bool changes = method.Parameters.Select(parameter => parameter.Type).Append(method.ReturnType).Any(agreement.Changes);
        INamedTypeSymbol model = method.ContainingType;
        bool isReachable = KnownSymbols.Same(model, context.Symbol) && context.Symbol.Arity == 0 && context.Symbol.ContainingType is null or { Arity: 0 };
        if (!method.IsStatic)
        {
            return LoggerMessage.Body(method);
        }

        if (changes || !isReachable || method.Arity > 0)
        {
            return null;
        }

        // A private member is reached as the runtime reaches those of code that it serializes.
        string owner = model.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        string name = context.PartOf(member).Names.Free().Take($"{method.Name}Of{model.Name}");
        IEnumerable<string> taken = method.Parameters
            .Select(parameter => $"{Kind(parameter)}{parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} @{parameter.Name}");
        IEnumerable<string> given = method.Parameters.Select(parameter => $"{Kind(parameter)}@{parameter.Name}");
        string result = method.ReturnsVoid ? "void" : method.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return $" => {name}({string.Join(", ", given.Prepend("null!"))}); "
            + $"[{Accessor}({Accessor}Kind.StaticMethod, Name = \"{method.Name}\")] private static extern {result} {name}({string.Join(", ", taken.Prepend($"{owner} model"))});";
    }

    private static string Kind(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        _ => "",
    };
}
