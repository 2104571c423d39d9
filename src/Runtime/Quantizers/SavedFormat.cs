using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>
/// The format of a calibrated quantizer as a buffer of its state: int64 values for the version of this scheme, the number of bits, and flags for E4M3,
/// unsigned and narrow range. With it a range that was found for 8 bits is not taken for one of 4. Affine ranges have a version and a flag of their own, which
/// earlier releases refuse.
/// </summary>
internal static class SavedFormat
{
    private const long Version = 1, AffineVersion = 2;
    private const int Length = 5;

    /// <summary>The buffer's value; a new tensor.</summary>
    public static Tensor Of(QuantFormat format)
    {
        long[] values = [Version, format.NumBits.Bits, format.IsE4M3 ? 1L : 0, format.Unsigned ? 1L : 0, format.NarrowRange ? 1L : 0];
        return tensor(format.Affine ? [AffineVersion, .. values[1..], 1] : values);
    }

    /// <summary>Whether the range is unsigned.</summary>
    public static bool IsUnsigned(Tensor saved) => Values(saved)[3] != 0;

    /// <summary>
    /// Why a saved format is not that of a quantizer, as a phrase; null where it is. Whether it is unsigned is calibration's finding, and may differ.
    /// </summary>
    public static string? Problem(Tensor saved, QuantFormat own)
    {
        if (saved.dtype != ScalarType.Int64 || saved.ndim != 1 || saved.shape[0] < Length || Values(saved) is not [Version or AffineVersion, .. var values])
        {
            return "its format is of another release";
        }

        using Tensor mine = Of(own);
        long[] wanted = Values(mine)[1..];
        (string saved, string own) text = (Text(values), Text(wanted));
        return text.saved == text.own
            ? null
            : $"it was calibrated for {text.saved}, and this quantizer has {text.own}: load it into a model with the same specification, or only the weights with LoadWeights";
    }

    private static long[] Values(Tensor saved)
    {
        using Tensor host = saved.cpu();
        return [.. host.data<long>()];
    }

    private static string Text(long[] values) => values[1] != 0 ? "E4M3" : $"{values[0]} bits{(values[3] != 0 ? " in a narrow range" : "")}{(values.Length > Length - 1 && values[Length - 1] != 0 ? " in an affine range" : "")}";
}
