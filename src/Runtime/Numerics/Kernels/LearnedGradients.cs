using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>How the quantized values change with the input and with each bound, element by element.</summary>
internal readonly record struct LearnedGradients(Tensor Input, Tensor Maximum, Tensor Minimum)
{
    /// <summary>Tensors for a kernel to fill.</summary>
    public static LearnedGradients Allocate(Tensor input) => new(empty_like(input), empty_like(input), empty_like(input));
}
