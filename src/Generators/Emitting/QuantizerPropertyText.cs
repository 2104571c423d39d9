using System.Text;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Emitting;

/// <summary>Prints the property that lists the quantizers, and its class with a member for each layer.</summary>
internal static class QuantizerPropertyText
{
    public static void Print(QuantizerProperty property, string indentation, StringBuilder text)
    {
        text.Append(indentation).Append("/// <summary>The quantizers by their names in the state dict, in the order in which they are registered, and by layer.</summary>\n")
            .Append(indentation).Append("public ").Append(property.ClassName).Append(' ').Append(property.Name).Append(" => new(this);\n\n")
            .Append(indentation).Append(property.Base).Append(' ').Append(property.Interface).Append(".Quantizers => ").Append(property.Name).Append(";\n\n");
        if (property.Export is { } export)
        {
            text.Append(indentation).Append(export.Result).Append(' ').Append(property.Interface).Append('.').Append(export.Signature).Append(" => ").Append(export.Call).Append(";\n\n");
        }

        if (!property.LoadsItself)
        {
            StateLoadingText.Print(indentation, text);
        }

        text.Append(indentation).Append("/// <summary>The quantizers as a list, and the layers that hold them.</summary>\n")
            .Append(indentation).Append("public sealed class ").Append(property.ClassName).Append(" : ").Append(property.Base).Append('\n')
            .Append(indentation).Append("{\n");
        string constructor = $"internal {property.ClassName}({property.Model} model) : base(model)";
        if (property.Members.Count == 0)
        {
            text.Append(indentation).Append("    ").Append(constructor).Append('\n')
                .Append(indentation).Append("    {\n").Append(indentation).Append("    }\n");
        }
        else
        {
            text.Append(indentation).Append("    private readonly ").Append(property.Model).Append(' ').Append(property.ModelField).Append(";\n\n")
                .Append(indentation).Append("    ").Append(constructor).Append(" => ").Append(property.ModelField).Append(" = model;\n\n");
        }

        foreach (QuantizerMember member in property.Members)
        {
            text.Append(indentation).Append("    public ").Append(member.Type).Append(' ').Append(member.Name).Append(" => ")
                .Append(Value(member, property.ModelField + "." + member.Layer)).Append(";\n");
        }

        text.Append(indentation).Append("}\n");
    }

    private static string Value(QuantizerMember member, string layer) => member.Kind switch
    {
        QuantizerMemberKind.Typed => layer,
        QuantizerMemberKind.Cast => $"({member.Type}){layer}",
        _ => $"new({layer})",
    };
}
