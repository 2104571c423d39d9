using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Kernels;

/// <summary>Counts absolute values into bins of equal width.</summary>
internal static unsafe class HistogramKernel
{
    private const long ElementsPerTask = 65536;

    // Neighbours often fall into one bin; counting them in turn into several tables keeps an increment from waiting for the last one.
    private const int Tables = 4;

    /// <summary>Adds the counts of <c>floor(|x| / width)</c> over a contiguous float32 tensor on the CPU.</summary>
    /// <param name="source">The tensor; every quotient is below the number of bins.</param>
    /// <param name="inverseWidth">One over the width; a power of two, so that the product is exact.</param>
    /// <param name="counts">The bins to add to.</param>
    public static void Run(Tensor source, float inverseWidth, Span<long> counts)
    {
        fixed (long* target = counts)
        {
            Job job = new() { Source = LibTorch.Data(source), InverseWidth = inverseWidth, Counts = target, Bins = counts.Length };
            LibTorch.ParallelFor(source.numel(), ElementsPerTask, &Count, &job);
        }

        GC.KeepAlive(source);
    }

    private struct Job
    {
        public float* Source;
        public float InverseWidth;
        public long* Counts;
        public int Bins;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Count(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        int bins = job->Bins;
        float* x = job->Source;
        float inverse = job->InverseWidth;
        uint* local = (uint*)NativeMemory.AllocZeroed((nuint)(Tables * bins), sizeof(uint));
        Vector<float> inverses = new(inverse);
        int* index = stackalloc int[Vector<int>.Count];
        long i = begin;
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.ConvertToInt32Native(Vector.Abs(Vector.Load(x + i)) * inverses).Store(index);
            for (int lane = 0; lane < Vector<int>.Count; lane += Tables)
            {
                local[index[lane]]++;
                local[bins + index[lane + 1]]++;
                local[(2 * bins) + index[lane + 2]]++;
                local[(3 * bins) + index[lane + 3]]++;
            }
        }

        for (; i < end; i++)
        {
            local[(int)(MathF.Abs(x[i]) * inverse)]++;
        }

        for (int bin = 0; bin < bins; bin++)
        {
            long count = (long)local[bin] + local[bins + bin] + local[(2 * bins) + bin] + local[(3 * bins) + bin];
            if (count != 0)
            {
                Interlocked.Add(ref job->Counts[bin], count);
            }
        }

        NativeMemory.Free(local);
    }
}
