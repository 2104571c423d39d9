using System.Text;

namespace QuantGen.Modules;

/// <summary>What became of the layers of a model that was converted at run time.</summary>
public sealed class ConversionReport
{
    internal ConversionReport(IReadOnlyList<ConvertedLayer> quantized, IReadOnlyList<FloatLayer> stayed) => (Quantized, Float) = (quantized, stayed);

    /// <summary>The layers that were exchanged for quantized ones, in the order of the model.</summary>
    public IReadOnlyList<ConvertedLayer> Quantized { get; }

    /// <summary>What has weights and stayed as it was, and why. Norms are not among them: they are not quantized by design.</summary>
    public IReadOnlyList<FloatLayer> Float { get; }

    /// <summary>One line for each layer.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Quantized.Count).Append(" layers quantized, ").Append(Float.Count).AppendLine(" stay in full precision");
        foreach (ConvertedLayer layer in Quantized)
        {
            text.Append("  ").Append(layer.Name).Append(": ").AppendLine(layer.Kind);
        }

        foreach (FloatLayer layer in Float)
        {
            text.Append("  ").Append(layer.Name).Append(": ").Append(layer.Kind).Append(" stays: ").AppendLine(layer.Reason);
        }

        return text.ToString();
    }
}

/// <summary>A layer that was exchanged for its quantized counterpart.</summary>
public sealed class ConvertedLayer
{
    internal ConvertedLayer(string name, string kind) => (Name, Kind) = (name, kind);

    /// <summary>Its name among the modules of the model, such as <c>layer1.0.conv1</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the counterpart, such as <c>QuantConv2d</c>.</summary>
    public string Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind}";
}

/// <summary>A layer with weights that is not quantized.</summary>
public sealed class FloatLayer
{
    internal FloatLayer(string name, string kind, string reason) => (Name, Kind, Reason) = (name, kind, reason);

    /// <summary>Its name among the modules of the model; of the model itself its type.</summary>
    public string Name { get; }

    /// <summary>Its type, such as <c>GRU</c>.</summary>
    public string Kind { get; }

    /// <summary>Why it is not quantized, and what to do about it.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind}, {Reason}";
}
