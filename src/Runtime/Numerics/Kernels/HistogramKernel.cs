using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace QuantGen.Kernels;

/// <summary>Counts absolute values into bins of equal width and finds their range, in one pass.</summary>
internal static unsafe class HistogramKernel
{
    private const long ElementsPerTask = 65536;

    // Neighbours often fall into one bin; counting them in turn into several tables keeps an increment from waiting for the last one.
    private const int Tables = 4;

    /// <summary>Adds the counts of <c>floor(|x| / width)</c> over a contiguous float32 tensor on the CPU, and tells its range.</summary>
    /// <param name="source">The tensor, not empty.</param>
    /// <param name="inverseWidth">One over the width; a power of two, so that the product is exact.</param>
    /// <param name="counts">The bins to add to.</param>
    /// <returns>The range; null where a value lies beyond the last bin or is NaN, and the counts are of no use.</returns>
    public static (float Minimum, float Maximum)? Run(Tensor source, float inverseWidth, Span<long> counts)
    {
        fixed (long* target = counts)
        {
            Job job = new()
            {
                Source = LibTorch.Data(source),
                InverseWidth = inverseWidth,
                Counts = target,
                Bins = counts.Length,
                Minimum = float.PositiveInfinity,
                Maximum = float.NegativeInfinity,
            };
            LibTorch.ParallelFor(source.numel(), ElementsPerTask, &Count, &job);
            GC.KeepAlive(source);
            return job.Outside == 0 ? (job.Minimum, job.Maximum) : null;
        }
    }

    private struct Job
    {
        public float* Source;
        public float InverseWidth;
        public long* Counts;
        public int Bins;
        public float Minimum, Maximum;
        public int Outside;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Count(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        int bins = job->Bins;

        // One bin more, for what does not belong into any.
        nuint length = (nuint)bins + 1;
        uint* tables = (uint*)NativeMemory.AllocZeroed(Tables * length, sizeof(uint));
        (float minimum, float maximum) = Fill(job->Source + begin, job->Source + end, job->InverseWidth, bins, tables);
        for (nuint bin = 0; bin < length; bin++)
        {
            long count = (long)tables[bin] + tables[length + bin] + tables[(2 * length) + bin] + tables[(3 * length) + bin];
            if (count == 0)
            {
                continue;
            }

            if (bin < (nuint)bins)
            {
                Interlocked.Add(ref job->Counts[bin], count);
            }
            else
            {
                Interlocked.Exchange(ref job->Outside, 1);
            }
        }

        NativeMemory.Free(tables);
        RangeKernel.Keep(ref job->Minimum, minimum, larger: false);
        RangeKernel.Keep(ref job->Maximum, maximum, larger: true);
    }

    // A calibration is run once: there is no second call to be optimised for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Minimum, float Maximum) Fill(float* x, float* end, float inverse, int bins, uint* tables)
    {
        uint* table0 = tables, table1 = table0 + bins + 1, table2 = table1 + bins + 1, table3 = table2 + bins + 1;
        Vector512<float> inverses = Vector512.Create(inverse), limits = Vector512.Create((float)bins);
        Vector512<float> least = Vector512.Create(float.PositiveInfinity), greatest = Vector512.Create(float.NegativeInfinity);
        Vector512<int> outside = Vector512.Create(bins);
        int* index = stackalloc int[Vector512<int>.Count];
        for (; x <= end - Vector512<float>.Count; x += Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.Load(x);
            least = Vector512.MinNative(least, value);
            greatest = Vector512.MaxNative(greatest, value);
            Vector512<float> place = Vector512.Abs(value) * inverses;
            Vector512.ConditionalSelect(Vector512.LessThan(place, limits).AsInt32(), Vector512.ConvertToInt32Native(place), outside).Store(index);
            for (int lane = 0; lane < Vector512<int>.Count; lane += Tables)
            {
                // Two indices a load.
                ulong first = *(ulong*)(index + lane), second = *(ulong*)(index + lane + 2);
                table0[(uint)first]++;
                table1[first >> 32]++;
                table2[(uint)second]++;
                table3[second >> 32]++;
            }
        }

        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            minimum = MathF.Min(minimum, least[lane]);
            maximum = MathF.Max(maximum, greatest[lane]);
        }

        for (; x < end; x++)
        {
            float place = MathF.Abs(*x) * inverse;
            table0[place < bins ? (int)place : bins]++;
            minimum = MathF.Min(minimum, *x);
            maximum = MathF.Max(maximum, *x);
        }

        return (minimum, maximum);
    }
}
