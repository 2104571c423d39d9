using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen;

/// <content>Values whose range is known, so that nothing has to be calibrated for them.</content>
public sealed partial class TensorQuantizer
{
    /// <summary>
    /// The integers for a tensor behind this quantizer whose values are known to lie in [0, <c>largest</c>], such as a sigmoid of what it quantizes: as many bits as it
    /// has, unsigned. <see langword="null"/> where it does not quantize to integers now.
    /// </summary>
    internal QuantRange? KnownRange => IsEnabled && IsQuantizing && !OnlyCollects && !Format.IsE4M3 && Descriptor.FakeQuant
        ? QuantRange.Of(Format.NumBits, unsigned: true, narrowRange: false)
        : null;

    /// <summary>Rounds values to the integers of <see cref="KnownRange"/>, of which the last stands for <paramref name="largest"/>; what is beyond is clipped.</summary>
    /// <param name="values">A floating-point tensor.</param>
    /// <param name="largest">The largest value that can be told from others.</param>
    /// <param name="range">The integers.</param>
    internal static Tensor QuantizeKnown(Tensor values, float largest, QuantRange range)
    {
        using Tensor amax = tensor(largest, dtype: values.dtype, device: values.device);
        return FakeQuant.Quantize(values, amax, range, rejectNegative: false);
    }
}
