using System.Globalization;
using QuantGen.Numerics.Formats;
using QuantGen.Onnx.Graph;
using QuantGen.Quantizers;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>Records quantizers: each step of their <see cref="ResolvedQuantization"/> as an operation of its own.</summary>
internal static class QuantizerConverter
{
    /// <summary>Records a quantizer; one that does nothing leaves no trace.</summary>
    public static TracedTensor Record(TensorQuantizer quantizer, TracedTensor input)
        => input.Trace is { } trace ? Record(quantizer, input, trace) : input.alias();

    /// <summary>A quantized constant: its quantizer is recorded where an operation reads it.</summary>
    public static TracedTensor Constant(TensorQuantizer quantizer, Tensor constant)
    {
        ResolvedQuantization steps = quantizer.Resolve();
        return steps.LetsPass || !constant.is_floating_point()
            ? constant
            : new TracedTensor(quantizer, constant, steps.Quantize(steps.Scale(constant), rejectNegative: false));
    }

    /// <summary>Records the quantizer of a weight.</summary>
    public static TracedTensor RecordWeight(TensorQuantizer quantizer, Tensor weight, GraphTrace trace)
        => trace.Inside(quantizer, () => Record(quantizer, weight, trace));

    private static TracedTensor Record(TensorQuantizer quantizer, TracedTensor input, GraphTrace trace)
    {
        if (!input.Value.is_floating_point())
        {
            return input.alias();
        }

        ResolvedQuantization steps = quantizer.Resolve();
        TracedTensor result = steps.PreScale is null ? input.alias() : input.mul(steps.PreScale);
        if (steps.Format is not { } format)
        {
            return steps.Bounds is { } clip ? Clip(result, clip, quantizer, trace) : result;
        }

        if (!quantizer.Descriptor.FakeQuant)
        {
            throw new NotSupportedException("A quantizer that returns integers (FakeQuant = false) has no place in an exported model; let it fake-quantize.");
        }

        if (format.Affine)
        {
            return RecordAffine(quantizer, result, steps, format, trace);
        }

        // The range of the example is not that of a quantizer that was not calibrated: a target that needs a range asks for it.
        Tensor amax = steps.AmaxFor(result.Value);
        float[] ranges = quantizer.HasRange ? ElementTypes.Constant(amax).Floats() : [];
        RequireFinite(ranges, quantizer, trace);
        if (steps.Bounds is { } bounds && ranges.Length > 0 && !CoverGrid(bounds, ranges[0], format))
        {
            result = Clip(result, bounds, quantizer, trace);
        }

        // Not by calling the quantizer: one that is calibrating would collect the example, too.
        Tensor value = steps.Quantize(result.Value, rejectNegative: false);
        Quantization quantization = new(
            trace.PathOf(quantizer), format.NumBits, format.Unsigned, format.NarrowRange, Axes(quantizer, amax, result.Value), ranges);
        return trace.RecordQuantizer(result, value, quantization);
    }

    // The grid of an affine range clips to learned bounds by itself.
    private static TracedTensor RecordAffine(TensorQuantizer quantizer, TracedTensor input, ResolvedQuantization steps, QuantFormat format, GraphTrace trace)
    {
        (Tensor amin, Tensor amax) = steps.EndsFor(input.Value);
        (float low, float high) = (ElementTypes.Constant(amin).Floats()[0], ElementTypes.Constant(amax).Floats()[0]);
        RequireFinite([low, high], quantizer, trace);
        Quantization quantization = new(trace.PathOf(quantizer), format.NumBits, format.Unsigned, format.NarrowRange, [], quantizer.HasRange ? [high] : [])
        {
            Affine = true,
            Amin = low,
        };
        return trace.RecordQuantizer(input, steps.Quantize(input.Value, rejectNegative: false), quantization);
    }

    private static TracedTensor Clip(TracedTensor input, LearnedBounds bounds, TensorQuantizer quantizer, GraphTrace trace)
    {
        (float minimum, float maximum) = Numbers(bounds);
        RequireFinite([minimum, maximum], quantizer, trace);
        return input.clamp(minimum, maximum);
    }

    // Bounds at the ends of the grid clip what rounding clips anyway, and need no operation that would keep the one before from running in integers.
    private static bool CoverGrid(LearnedBounds bounds, float amax, QuantFormat format)
    {
        (float minimum, float maximum) = Numbers(bounds);
        if (format.IsE4M3 || Quantization.IsZero(amax))
        {
            return minimum <= -amax && maximum >= amax;
        }

        float scale = format.Largest / amax;
        return MathF.Round(minimum * scale) <= format.Smallest && MathF.Round(maximum * scale) >= format.Largest;
    }

    private static (float Minimum, float Maximum) Numbers(LearnedBounds bounds)
        => (ElementTypes.Constant(bounds.Minimum).Floats()[0], ElementTypes.Constant(bounds.Maximum).Floats()[0]);

    private static void RequireFinite(float[] ranges, TensorQuantizer quantizer, GraphTrace trace)
    {
        foreach (float range in ranges)
        {
            if (!float.IsFinite(range))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Quantizer '{trace.PathOf(quantizer)}' has {range} in its range, from which no file can be made. Calibrate the model again."));
            }
        }
    }

    // By the shape that amax broadcasts from, which says more than the descriptor: an amax that a user set may have any.
    private static int[] Axes(TensorQuantizer quantizer, Tensor amax, Tensor input)
    {
        if (amax.numel() == 1)
        {
            return quantizer.Axis is [int axis] && amax.ndim > 0 ? [(int)(axis < 0 ? axis + input.ndim : axis)] : [];
        }

        int offset = (int)(input.ndim - amax.ndim);
        return [.. Enumerable.Range(0, (int)amax.ndim).Where(dim => amax.shape[dim] != 1).Select(dim => dim + offset)];
    }
}
