using static TorchSharp.torch;

namespace QuantGen;

/// <summary>A module with a quantized weight, as calibration sees it.</summary>
internal interface IQuantizedWeight
{
    /// <summary>The weight, in floating point.</summary>
    Tensor Weight { get; }

    /// <summary>The axis of the output channels: 0, but for transposed convolutions.</summary>
    int ChannelAxis => 0;

    /// <summary>The quantizer of the input, which is reached whenever that of the weight is.</summary>
    TensorQuantizer InputQuantizer { get; }

    /// <summary>The quantizer of the weight.</summary>
    TensorQuantizer WeightQuantizer { get; }
}
