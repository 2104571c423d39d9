using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>1D instance normalization with quantized input: [N, C, L] or [C, L] in, the same shape out.</summary>
/// <remarks>A normalization; parameters as of <c>torch.nn.InstanceNorm1d</c>.</remarks>
/// <param name="num_features">The number of channels.</param>
/// <param name="eps">What is added to the variance.</param>
/// <param name="momentum">The weight of new statistics in the running ones.</param>
/// <param name="affine">Whether there is a learned weight and bias for each channel; they are not quantized.</param>
/// <param name="track_running_stats">Whether running statistics are kept, and used for evaluation.</param>
/// <param name="device">The device of the parameters.</param>
/// <param name="dtype">The type of the parameters.</param>
/// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
public sealed class QuantInstanceNorm1d(
    long num_features, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null,
    ScalarType? dtype = null, QuantDescriptor? input = null)
    : QuantInstanceNorm(
        nameof(QuantInstanceNorm1d), spatialDimensions: 1, num_features, eps, momentum, affine, track_running_stats, device, dtype, input ?? DefaultInput)
{
    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;
}
