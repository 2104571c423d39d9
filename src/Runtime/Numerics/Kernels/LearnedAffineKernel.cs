using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>Values of a learned affine range and their gradients in one pass over contiguous float32 memory on the CPU.</summary>
internal static unsafe class LearnedAffineKernel
{
    private const long ElementsPerTask = 32768;

    /// <summary>Fills the output and the gradients.</summary>
    /// <param name="input">The values.</param>
    /// <param name="output">What they become.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="errorToMinimum">A factor for the rounding error, as the gradient of the lower end.</param>
    /// <param name="errorToMaximum">The same for the upper end.</param>
    public static void Run(Tensor input, Tensor output, LearnedGradients gradients, AffineGrid grid, float errorToMinimum, float errorToMaximum)
    {
        if (input.numel() == 0)
        {
            return;
        }

        Job job = new()
        {
            Source = LibTorch.ConstData(input),
            Target = LibTorch.Data(output),
            OfInput = LibTorch.Data(gradients.Input),
            OfMaximum = LibTorch.Data(gradients.Maximum),
            OfMinimum = LibTorch.Data(gradients.Minimum),
            Grid = grid,
            ErrorToMaximum = errorToMaximum,
            ErrorToMinimum = errorToMinimum,
        };
        LibTorch.ParallelFor(input.numel(), ElementsPerTask, &Fill, &job);
        GC.KeepAlive(input);
        GC.KeepAlive(output);
        GC.KeepAlive(gradients.Input);
        GC.KeepAlive(gradients.Maximum);
        GC.KeepAlive(gradients.Minimum);
    }

    private struct Job
    {
        public float* Source, Target, OfInput, OfMaximum, OfMinimum;
        public AffineGrid Grid;
        public float ErrorToMaximum, ErrorToMinimum;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)]), MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        AffineRow.Quantize(job->Source + begin, job->Target + begin, end - begin, job->Grid.Step, job->Grid.Low, job->Grid.High);
        float lowest = job->Grid.Minimum, highest = job->Grid.Maximum;
        Vector<float> least = new(lowest), greatest = new(highest), zeros = default, ones = Vector<float>.One;
        Vector<float> toMaximum = new(job->ErrorToMaximum), toMinimum = new(job->ErrorToMinimum);
        long i = begin;
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> x = Vector.Load(job->Source + i), error = Vector.Load(job->Target + i) - x;
            Vector<int> below = Vector.LessThan(x, least), above = Vector.GreaterThan(x, greatest), outside = above | below;
            Vector.ConditionalSelect(outside, zeros, ones).Store(job->OfInput + i);
            Vector.ConditionalSelect(above, ones, Vector.ConditionalSelect(below, zeros, error * toMaximum)).Store(job->OfMaximum + i);
            Vector.ConditionalSelect(below, ones, Vector.ConditionalSelect(above, zeros, error * toMinimum)).Store(job->OfMinimum + i);
        }

        for (; i < end; i++)
        {
            float x = job->Source[i], error = job->Target[i] - x;
            bool below = x < lowest, above = x > highest;
            job->OfInput[i] = above || below ? 0 : 1;
            job->OfMaximum[i] = above ? 1 : below ? 0 : error * job->ErrorToMaximum;
            job->OfMinimum[i] = below ? 1 : above ? 0 : error * job->ErrorToMinimum;
        }
    }
}
