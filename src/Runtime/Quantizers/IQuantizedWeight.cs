using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>A module with quantized weights.</summary>
internal interface IQuantizedWeight
{
    /// <summary>The weights, each with its quantizer.</summary>
    IEnumerable<QuantizedWeight> QuantizedWeights { get; }
}

/// <summary>A weight with its quantizer.</summary>
/// <param name="QuantizerName">The quantizer's name in its module.</param>
/// <param name="Quantizer">The quantizer of the weight.</param>
/// <param name="Parts">The parameters that it quantizes, in floating point; several ones side by side, along axis 1.</param>
/// <param name="ChannelAxis">The axis of the output channels: 0, but for transposed convolutions.</param>
internal readonly record struct QuantizedWeight(string QuantizerName, TensorQuantizer Quantizer, IReadOnlyList<Tensor> Parts, int ChannelAxis = 0)
{
    /// <summary>What the quantizer gets: the parameter itself, or a new tensor.</summary>
    public Tensor Whole() => Parts is [var one] ? one : cat([.. Parts], 1);
}
