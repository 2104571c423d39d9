using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>
/// Quantizes and dequantizes contiguous float32 memory on the CPU in one pass, with the same bits as the composed torch operations.
/// A tensor is seen as [outer, channels, inner], with one amax for each channel.
/// </summary>
internal static unsafe class QuantizeKernel
{
    private const long ElementsPerTask = 32768;

    // Shorter rows would cost more in calls than in arithmetic.
    private const long ShortestRow = 8;

    /// <summary>Fills <paramref name="target"/> with integers of a range, mapped back.</summary>
    /// <returns>Whether an element of the source was negative.</returns>
    public static bool RunIntegers(Tensor source, Tensor target, Tensor amax, AmaxLayout layout, QuantRange range)
        => Run(source, target, amax, layout, new() { Low = range.Low, High = range.High, Row = &IntegerRow.Quantize, Periods = &IntegerRow.QuantizePeriods });

    /// <summary>Fills <paramref name="target"/> with scaled E4M3 values.</summary>
    public static void RunE4M3(Tensor source, Tensor target, Tensor amax, AmaxLayout layout)
        => Run(source, target, amax, layout, new() { Row = &Float8Row.Quantize });

    /// <summary>Fills <paramref name="target"/> with the numbers of a grid.</summary>
    public static void RunAffine(Tensor source, Tensor target, AffineGrid grid)
    {
        if (source.numel() == 0)
        {
            return;
        }

        float step = grid.Step;
        QuantizeJob job = new()
        {
            Source = LibTorch.ConstData(source),
            Target = LibTorch.Data(target),
            Amax = &step,
            Low = grid.Low,
            High = grid.High,
            Row = &AffineRow.Quantize,
        };
        LibTorch.ParallelFor(source.numel(), ElementsPerTask, &Elements, &job);
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    /// <summary>Whether E4M3 values of this layout can be computed here.</summary>
    public static bool TakesE4M3(AmaxLayout layout) => layout.Channels == 1 || layout.Inner >= ShortestRow;

    private static bool Run(Tensor source, Tensor target, Tensor amax, AmaxLayout layout, QuantizeJob job)
    {
        job.Source = LibTorch.ConstData(source);
        job.Target = LibTorch.Data(target);
        job.Amax = LibTorch.ConstData(amax);
        (job.Channels, job.Inner) = (layout.Channels, layout.Inner);
        long count = source.numel(), period = layout.Channels * layout.Inner;
        if (count == 0)
        {
            return false;
        }

        if (layout.Channels == 1)
        {
            LibTorch.ParallelFor(count, ElementsPerTask, &Elements, &job);
        }
        else if (layout.Inner >= ShortestRow)
        {
            LibTorch.ParallelFor(count / layout.Inner, Math.Max(1, ElementsPerTask / layout.Inner), &Rows, &job);
        }
        else
        {
            RunPeriods(&job, count / period, period);
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
        GC.KeepAlive(amax);
        return job.SawNegative;
    }

    // Scales are spread out over a run of all channels before the loop: an exception inside a native callback would end the process.
    private static void RunPeriods(QuantizeJob* job, long runs, long period)
    {
        job->Scales = (float*)NativeMemory.Alloc((nuint)period, 2 * sizeof(float));
        try
        {
            IntegerRow.SpreadScales(job);
            LibTorch.ParallelFor(runs, Math.Max(1, ElementsPerTask / period), &PeriodsOfRows, job);
        }
        finally
        {
            NativeMemory.Free(job->Scales);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Elements(long begin, long end, void* context)
    {
        QuantizeJob* job = (QuantizeJob*)context;
        job->Row(job, job->Source + begin, job->Target + begin, end - begin, job->Amax[0]);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Rows(long begin, long end, void* context)
    {
        QuantizeJob* job = (QuantizeJob*)context;
        for (long row = begin; row < end; row++)
        {
            long at = row * job->Inner;
            job->Row(job, job->Source + at, job->Target + at, job->Inner, job->Amax[row % job->Channels]);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void PeriodsOfRows(long begin, long end, void* context)
    {
        QuantizeJob* job = (QuantizeJob*)context;
        job->Periods(job, begin, end);
    }
}

/// <summary>What a kernel works on.</summary>
internal unsafe struct QuantizeJob
{
    public float* Source, Target;

    /// <summary>The amax of each channel; the step for affine ranges.</summary>
    public float* Amax;

    /// <summary>For runs of all channels: a scale for each element of a run, and behind them as many divisors.</summary>
    public float* Scales;
    public long Channels, Inner;
    public float Low, High;
    public bool SawNegative;

    /// <summary>Quantizes elements that have one amax, or one step.</summary>
    public delegate*<QuantizeJob*, float*, float*, long, float, void> Row;

    /// <summary>Quantizes runs of channels · inner elements, from the first to before the second number.</summary>
    public delegate*<QuantizeJob*, long, long, void> Periods;
}
