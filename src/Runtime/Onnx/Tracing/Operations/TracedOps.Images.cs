using QuantGen.Onnx.Tracing.Operations;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Other sizes of images, and channels that become pixels.
public static partial class TracedOps
{
    /// <summary>Another size of the dimensions behind the channels.</summary>
    /// <param name="x">The input, [N, C, spatial…].</param>
    /// <param name="size">The sizes.</param>
    /// <param name="scale_factor">Or their factors.</param>
    /// <param name="mode">How elements in between are found.</param>
    /// <param name="align_corners">Whether the first and last elements stay where they are.</param>
    /// <param name="recompute_scale_factor">Whether factors are those of the rounded sizes.</param>
    /// <param name="antialias">Cannot be exported.</param>
    public static TracedTensor interpolate(
        TracedTensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
        bool recompute_scale_factor = false, bool antialias = false)
        => TracedResize.Record(x, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias);

    /// <inheritdoc cref="interpolate"/>
    /// <param name="input">The input, [N, C, spatial…].</param>
    /// <param name="size">The sizes.</param>
    /// <param name="scale_factor">Or their factors.</param>
    /// <param name="mode">How elements in between are found.</param>
    /// <param name="align_corners">Whether the first and last elements stay where they are.</param>
    public static TracedTensor upsample(
        TracedTensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false)
        => TracedResize.Record(input, size, scale_factor, (InterpolationMode)mode, align_corners);

    /// <inheritdoc cref="interpolate"/>
    public static TracedTensor upsample_bilinear(TracedTensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
        => TracedResize.Record(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

    /// <inheritdoc cref="interpolate"/>
    public static TracedTensor upsample_nearest(TracedTensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false)
        => TracedResize.Record(x, size, scale_factor, InterpolationMode.Nearest, align_corners);

    /// <summary>Channels as pixels: [*, C · r², H, W] as [*, C, H · r, W · r]. By moves of elements, which runtimes do in integers.</summary>
    /// <param name="input">The input.</param>
    /// <param name="upscale_factor">r.</param>
    public static TracedTensor pixel_shuffle(TracedTensor input, long upscale_factor)
    {
        (long r, long[] before, long channels, long height, long width) = (
            upscale_factor, input.shape[..^3], input.shape[^3], input.shape[^2], input.shape[^1]);
        int first = before.Length;
        return input.reshape([.. before, channels / (r * r), r, r, height, width])
            .permute([.. Axes(first), first, first + 3, first + 1, first + 4, first + 2])
            .reshape([.. before, channels / (r * r), height * r, width * r]);
    }

    /// <summary>Pixels as channels: [*, C, H · r, W · r] as [*, C · r², H, W].</summary>
    /// <param name="input">The input.</param>
    /// <param name="downscale_factor">r.</param>
    public static TracedTensor pixel_unshuffle(TracedTensor input, long downscale_factor)
    {
        (long r, long[] before, long channels, long height, long width) = (
            downscale_factor, input.shape[..^3], input.shape[^3], input.shape[^2], input.shape[^1]);
        int first = before.Length;
        return input.reshape([.. before, channels, height / r, r, width / r, r])
            .permute([.. Axes(first), first, first + 2, first + 4, first + 1, first + 3])
            .reshape([.. before, channels * r * r, height / r, width / r]);
    }

    /// <summary>Channels of groups one of each group after the other.</summary>
    /// <param name="input">The input, [N, C, …].</param>
    /// <param name="groups">The number of groups.</param>
    public static TracedTensor channel_shuffle(TracedTensor input, long groups)
        => input.reshape([input.shape[0], groups, input.shape[1] / groups, .. input.shape[2..]]).transpose(1, 2).reshape(input.shape);

    private static long[] Axes(int count) => [.. Enumerable.Range(0, count).Select(axis => (long)axis)];
}
