using System.Text;
using QuantGen.Numerics.Formats;

namespace QuantGen;

/// <content>One line for people.</content>
public sealed partial record QuantDescriptor
{
    /// <summary>One line in the reference's words, such as <c>conv1: (8bit fake axis=0)</c>.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Name is null ? nameof(QuantDescriptor) : $"{Name}: ");
        text.Append('(').Append(Unsigned ? "unsigned " : Affine ? "affine " : "").Append(NumBits).Append("bit").Append(FakeQuant ? " fake" : " real");
        text.Append(" axis=").Append(Axis?.ToString() ?? " per-tensor");
        if (Amin is { } amin)
        {
            text.Append(" amin=").Append(ReferenceText.Number(amin));
        }

        if (Amax is not null)
        {
            text.Append(" amax=").Append(Amax).Append(" full_range");
        }

        text.Append(LearnAmax ? " learn_amax" : "");
        if (ScaleAmax is { } factor and not 0)
        {
            text.Append(" scale_amax=").Append(ReferenceText.Number(factor));
        }

        return text.Append(')').ToString();
    }
}
