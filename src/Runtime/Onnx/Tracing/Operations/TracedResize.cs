using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records interpolation.</summary>
internal static class TracedResize
{
    /// <summary>Another size of the dimensions behind the channels.</summary>
    /// <param name="input">The input, [N, C, spatial…].</param>
    /// <param name="size">The sizes; null where factors are given.</param>
    /// <param name="factors">The factors; null where sizes are given.</param>
    /// <param name="mode">How elements in between are found.</param>
    /// <param name="alignCorners">Whether the first and last elements stay where they are.</param>
    /// <param name="recompute">Whether factors are those of the rounded sizes.</param>
    /// <param name="antialias">Whether a smaller result takes the mean of more elements.</param>
    public static TracedTensor Record(
        TracedTensor input, long[]? size, double[]? factors, InterpolationMode mode, bool? alignCorners, bool recompute = false, bool antialias = false)
    {
        if (antialias)
        {
            throw new NotSupportedException("An interpolation with antialias needs opset 18 and cannot be exported; use an average pool.");
        }

        Tensor value = nn.functional.interpolate(input.Value, size, factors, mode, alignCorners, recompute);
        long[] to = value.shape[2..];
        double[] factorsOfSizes = factors is null || recompute ? [] : factors.Length == 1 ? [.. Enumerable.Repeat(factors[0], to.Length)] : factors;
        if (mode == InterpolationMode.Area)
        {
            return TracedPooling.AdaptiveAverage(input, to, to.Length);
        }

        (string onnxMode, string coordinates, string nearest) = mode switch
        {
            InterpolationMode.Nearest => ("nearest", "asymmetric", "floor"),
            InterpolationMode.NearestExact => ("nearest", "half_pixel", "round_prefer_ceil"),
            InterpolationMode.Bicubic => ("cubic", alignCorners == true ? "align_corners" : "half_pixel", "floor"),
            _ => ("linear", alignCorners == true ? "align_corners" : "half_pixel", "floor"),
        };
        if (mode == InterpolationMode.Linear)
        {
            // ONNX Runtime interpolates planes and volumes only.
            return Resize(input.unsqueeze(2), value.unsqueeze(2), Scale([1, .. to], [1, .. factorsOfSizes])).squeeze(2);
        }

        return Resize(input, value, Scale(to, factorsOfSizes));

        // The batch and the channels have a factor of 1, so that the file need not know their sizes.
        float[]? Scale(long[] sizes, double[] given)
        {
            long[] from = input.shape[2..];
            from = from.Length < sizes.Length ? [1, .. from] : from;
            float[] scales = [.. sizes.Select((wanted, i) => given.Length == sizes.Length ? (float)given[i] : (float)((double)wanted / from[i]))];
            return scales.Where((scale, i) => (long)MathF.Floor(from[i] * scale) != sizes[i]).Any() ? null : scales;
        }

        TracedTensor Resize(TracedTensor source, Tensor result, float[]? scales)
        {
            TracedTensor?[] inputs = scales is null
                ? [source, null, null, TracedTensor.Integers(result.shape)]
                : [source, null, TracedTensor.FromTensor(tensor((float[])[1, 1, .. scales]))];
            return mode == InterpolationMode.Bicubic
                ? TracedTensor.Record("Resize", result, inputs, ("mode", onnxMode), ("coordinate_transformation_mode", coordinates), ("cubic_coeff_a", -0.75f))
                : TracedTensor.Record("Resize", result, inputs, ("mode", onnxMode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", nearest));
        }
    }
}
