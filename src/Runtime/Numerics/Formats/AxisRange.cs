using static TorchSharp.torch;

namespace QuantGen.Numerics.Formats;

/// <summary>Smallest and largest values for each index of some axes.</summary>
internal static class AxisRange
{
    /// <summary>The range, with reduced axes kept at length 1; scalars where there are no axes. NaN stays NaN.</summary>
    public static (Tensor Minimum, Tensor Maximum) Of(Tensor values, QuantAxes? axis)
    {
        if (axis is null)
        {
            return values.aminmax();
        }

        long[] dims = [.. axis.Others(values.ndim).Select(dim => (long)dim)];
        return dims.Length == 0 ? (values, values) : (values.amin(dims, keepdim: true), values.amax(dims, keepdim: true));
    }
}
