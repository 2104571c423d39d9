using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Kernels;

/// <summary>Quantizes and dequantizes contiguous float32 memory on the CPU in one pass, with the same bits as the composed torch operations.</summary>
/// <remarks><c>clamp(roundHalfEven(x · scale), low, high) / scale</c> with <c>scale = high / amax</c>.</remarks>
internal static unsafe class QuantizeKernel
{
    private const long ElementsPerTask = 32768;

    /// <summary>
    /// Fills <paramref name="target"/>. A tensor is seen as [outer, channels, inner]; <paramref name="amax"/> has one element for each channel.
    /// </summary>
    /// <returns>Whether an element of the source was negative.</returns>
    public static bool Run(Tensor source, Tensor target, Tensor amax, long channels, long inner, QuantRange range)
    {
        Job job = new()
        {
            Source = LibTorch.Data(source),
            Target = LibTorch.Data(target),
            Amax = LibTorch.Data(amax),
            Channels = channels,
            Inner = inner,
            Low = range.Low,
            High = range.High,
        };
        long count = source.numel();
        if (count > 0)
        {
            if (channels == 1)
            {
                LibTorch.ParallelFor(count, ElementsPerTask, &Elements, &job);
            }
            else
            {
                LibTorch.ParallelFor(count / inner, Math.Max(1, ElementsPerTask / inner), &Rows, &job);
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
        GC.KeepAlive(amax);
        return job.SawNegative;
    }

    private struct Job
    {
        public float* Source, Target, Amax;
        public long Channels, Inner;
        public float Low, High;
        public bool SawNegative;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Elements(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        Quantize(job, job->Source + begin, job->Target + begin, end - begin, job->Amax[0]);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Rows(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        for (long row = begin; row < end; row++)
        {
            long at = row * job->Inner;
            Quantize(job, job->Source + at, job->Target + at, job->Inner, job->Amax[row % job->Channels]);
        }
    }

    private static void Quantize(Job* job, float* x, float* y, long count, float amax)
    {
        bool tiny = amax <= QuantRange.SmallestAmax;
        float scale = tiny ? 0 : job->High / amax;
        float divisor = tiny ? 1 : scale;
        Vector<float> scales = new(scale), divisors = new(divisor), lows = new(job->Low), highs = new(job->High), least = default;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.Load(x + i);
            least = Vector.MinNative(value, least);
            Vector<float> q = Vector.Round(value * scales);

            // The order of operands keeps a NaN: the native minimum and maximum return the second one when either is NaN.
            q = Vector.MinNative(highs, Vector.MaxNative(lows, q));
            (q / divisors).Store(y + i);
        }

        bool negative = Vector.LessThanAny(least, Vector<float>.Zero);
        for (; i < count; i++)
        {
            negative |= x[i] < 0;
            float q = MathF.Round(x[i] * scale);
            y[i] = (q < job->Low ? job->Low : q > job->High ? job->High : q) / divisor;
        }

        if (negative)
        {
            job->SawNegative = true;
        }
    }
}
