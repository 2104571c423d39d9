using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Tests.Fuzzing;

/// <summary>One random edit that moves code to a new file: a type, or a member of a class that becomes partial.</summary>
internal static class FileEdit
{
    /// <summary>The kind of the edit, the new text of the file, and the text of the new file, if there is one.</summary>
    public static (string Kind, string Text, string? Other) Apply(SyntaxTree file, Random random)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)file.GetRoot();
        ClassDeclarationSyntax[] classes =
            [.. root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax && type.Members.Count > 0)];
        if (classes.Length == 0)
        {
            return ("no class", root.ToFullString(), null);
        }

        ClassDeclarationSyntax type = classes[random.Next(classes.Length)];
        return random.Next(3) == 0 ? MoveType(root, type) : MoveMember(root, type, random);
    }

    private static (string Kind, string Text, string? Other) MoveType(CompilationUnitSyntax root, ClassDeclarationSyntax type)
        => ("type moved", Without(root, type), Around(root, type, type.ToString()));

    private static (string Kind, string Text, string? Other) MoveMember(CompilationUnitSyntax root, ClassDeclarationSyntax type, Random random)
    {
        MemberDeclarationSyntax member = type.Members[random.Next(type.Members.Count)];
        string part = $"partial class {type.Identifier}{type.TypeParameterList}\n{{\n    {member}\n}}";
        string text = Without(root, member);
        return ("member moved", type.Modifiers.Any(SyntaxKind.PartialKeyword) ? text : text.Insert(type.Keyword.SpanStart, "partial "), Around(root, type, part));
    }

    private static string Without(CompilationUnitSyntax root, SyntaxNode part) => root.ToFullString().Remove(part.SpanStart, part.Span.Length);

    /// <summary>A file with the usings and the namespace of another.</summary>
    private static string Around(CompilationUnitSyntax root, ClassDeclarationSyntax type, string text)
    {
        foreach (BaseNamespaceDeclarationSyntax space in type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>())
        {
            text = $"namespace {space.Name}\n{{\n{space.Usings.ToFullString()}\n{text}\n}}";
        }

        return $"{string.Concat(root.Usings.Where(directive => !directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)).Select(directive => directive + "\n"))}{text}\n";
    }
}
