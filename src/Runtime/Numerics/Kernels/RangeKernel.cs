using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>Smallest and largest value of a tensor in one pass, and whether all values are finite.</summary>
internal static unsafe class RangeKernel
{
    private const long ElementsPerTask = 65536;

    /// <summary>Reads a float32 tensor that is contiguous and on the CPU, and not empty.</summary>
    public static (float Minimum, float Maximum, bool IsFinite) Run(Tensor source)
    {
        Job job = new() { Source = LibTorch.ConstData(source), Minimum = float.PositiveInfinity, Maximum = float.NegativeInfinity };
        LibTorch.ParallelFor(source.numel(), ElementsPerTask, &Scan, &job);
        GC.KeepAlive(source);
        return (job.Minimum, job.Maximum, job.NonFinite == 0);
    }

    private struct Job
    {
        public float* Source;
        public float Minimum, Maximum;
        public int NonFinite;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)]), MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        float* x = job->Source;
        Vector<float> least = new(float.PositiveInfinity), greatest = new(float.NegativeInfinity), probe = default;
        long i = begin;
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.Load(x + i);
            least = Vector.MinNative(least, value);
            greatest = Vector.MaxNative(greatest, value);

            // Zero times a number is zero, and NaN for NaN and infinity; a sum keeps it.
            probe += value * Vector<float>.Zero;
        }

        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity, scalarProbe = Vector.Sum(probe);
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            minimum = MathF.Min(minimum, least[lane]);
            maximum = MathF.Max(maximum, greatest[lane]);
        }

        for (; i < end; i++)
        {
            minimum = MathF.Min(minimum, x[i]);
            maximum = MathF.Max(maximum, x[i]);
            scalarProbe += x[i] * 0;
        }

        Keep(ref job->Minimum, minimum, larger: false);
        Keep(ref job->Maximum, maximum, larger: true);
        if (float.IsNaN(scalarProbe))
        {
            Interlocked.Exchange(ref job->NonFinite, 1);
        }
    }

    /// <summary>Keeps the smaller value (or the larger one) of those that several threads bring.</summary>
    public static void Keep(ref float place, float value, bool larger)
    {
        float seen = place;
        while (larger ? value > seen : value < seen)
        {
            float before = Interlocked.CompareExchange(ref place, value, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }
}
