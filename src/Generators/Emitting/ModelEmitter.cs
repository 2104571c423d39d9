using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Emitting;

/// <summary>Prints a <see cref="ModelSpec"/> as a C# file.</summary>
internal static class ModelEmitter
{
    public static SourceText Emit(ModelSpec spec, GeneratorOptions options)
    {
        StringBuilder text = new();
        FrameText.Open(spec.Frame, text);
        if (spec.Documentation.Length > 0)
        {
            text.Append(spec.Documentation.Replace("\r\n", "\n")).Append('\n');
        }

        AppendLine(spec, options, 0, text);
        string body = EditedText.Print(spec.Source.Text, 0, spec.Source.Text.Length, Merge(spec, options));
        text.Append(spec.Source.Indentation).Append(body).Append('\n');
        AppendRefusal(spec, options, text);
        FrameText.Close(spec.Frame, text);

        // The user's own line breaks stay: in a verbatim or raw string they are part of its value.
        return SourceText.From(SourceLine.Fill(text.ToString(), spec.Source), Encoding.UTF8);
    }

    /// <summary>An <c>ExportOnnx</c> for this class alone, by which the compiler names the operation that is in the way.</summary>
    private static void AppendRefusal(ModelSpec spec, GeneratorOptions options, StringBuilder text)
    {
        if (spec.Refusal is not { } refusal)
        {
            return;
        }

        string message = SymbolDisplay.FormatLiteral(refusal.Reason, quote: true);
        string indentation = spec.Source.Indentation;
        text.Append('\n').Append(IsMapped(spec, options) ? "#line hidden\n" : "")
            .Append(indentation).Append("/// <summary>Says why the model cannot be exported.</summary>\n")
            .Append(indentation).Append(refusal.Accessibility).Append(" static class ").Append(refusal.ClassName).Append('\n')
            .Append(indentation).Append("{\n")
            .Append(indentation).Append("    /// <summary>Stands for the export, so that the compiler says what is in the way.</summary>\n")
            .Append(indentation).Append("    [global::System.Obsolete(").Append(message).Append(", error: true)]\n")
            .Append(indentation).Append("    public static ").Append(refusal.Signature).Append(" => throw new global::System.NotSupportedException(").Append(message).Append(");\n")
            .Append(indentation).Append("}\n");
    }

    /// <summary>The edits of the text with the generated members before each closing brace, in order.</summary>
    private static List<TextEdit> Merge(ModelSpec spec, GeneratorOptions options)
    {
        List<TextEdit> edits = [.. spec.Edits];
        foreach (TypeTail tail in spec.Tails)
        {
            StringBuilder members = new();
            AppendMembers(spec, tail, options, members);
            if (members.Length > 0)
            {
                edits.Add(new(LineStart(spec.Source.Text, tail.CloseBrace), 0, int.MaxValue, members.ToString()));
            }
        }

        edits.Sort();
        return edits;
    }

    private static void AppendMembers(ModelSpec spec, TypeTail tail, GeneratorOptions options, StringBuilder text)
    {
        bool hasDescriptors = tail.IsModel && spec.Quantization.Descriptors.Count > 0;
        if (tail.Quantizers.Count == 0 && tail.Traced.Count == 0 && !tail.IsModel)
        {
            return;
        }

        // A class on one line has its closing brace there too.
        text.Append('\n');
        if (IsMapped(spec, options))
        {
            text.Append("#line hidden\n");
        }

        foreach (QuantizerField field in tail.Quantizers)
        {
            text.Append(tail.Indentation).Append("private readonly ").Append(field.Type ?? spec.Quantization.TensorQuantizer).Append(' ').Append(field.Name)
                .Append(" = new(").Append(field.Arguments).Append(");\n");
        }

        if (tail.IsModel)
        {
            text.Append(tail.Quantizers.Count > 0 ? "\n" : "");
            QuantizerPropertyText.Print(spec.Quantization.Property, tail.Indentation, text);
        }

        if (hasDescriptors)
        {
            text.Append('\n');
            DescriptorText.Print(spec.Quantization, tail.Indentation, text);
        }

        for (int i = 0; i < tail.Traced.Count; i++)
        {
            TracedMethod method = tail.Traced[i];
            text.Append(i > 0 || tail.IsModel || tail.Quantizers.Count > 0 ? "\n" : "");
            AppendLine(spec, options, method.Start, text);
            text.Append(tail.Indentation).Append(EditedText.Print(spec.Source.Text, method.Start, method.Start + method.Length, method.Edits)).Append(Failure(method)).Append('\n');
        }

        // After a nested class comes more of the user's text.
        if (!tail.IsModel)
        {
            AppendLine(spec, options, tail.CloseBrace, text);
        }
    }

    private static string Failure(TracedMethod method)
        => method.Failure is { } message ? $" => throw new global::System.NotSupportedException({SymbolDisplay.FormatLiteral(message, quote: true)});" : "";

    /// <summary>Members stand on lines of their own unless the class is written on one line.</summary>
    private static int LineStart(string text, int position)
    {
        int start = position;
        while (start > 0 && text[start - 1] is ' ' or '\t')
        {
            start--;
        }

        return start > 0 && text[start - 1] == '\n' ? start : position;
    }

    private static void AppendLine(ModelSpec spec, GeneratorOptions options, int position, StringBuilder text)
    {
        if (IsMapped(spec, options))
        {
            text.Append("#line ").Append(spec.Source.LineAt(position)).Append(" \"").Append(spec.Source.Path).Append("\"\n");
        }
    }

    /// <summary>A path that cannot stand in a directive leaves the file without them.</summary>
    private static bool IsMapped(ModelSpec spec, GeneratorOptions options)
        => options.LineDirectives && spec.Source.Path.Length > 0 && spec.Source.Path.IndexOfAny(['"', '\r', '\n']) < 0;
}
