using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Kernels;

/// <summary>Values of a learned range and their gradients in one pass over contiguous float32 memory on the CPU.</summary>
internal static unsafe class LearnedKernel
{
    private const long ElementsPerTask = 32768;

    /// <summary>Fills the output and the gradients.</summary>
    public static void Run(
        Tensor input, Tensor output, LearnedGradients gradients, Tensor low, Tensor high, Tensor amax, float factor, QuantRange range)
    {
        if (input.numel() == 0)
        {
            return;
        }

        float bound = *LibTorch.ConstData(amax), least = *LibTorch.ConstData(low), greatest = *LibTorch.ConstData(high);
        bool isTiny = bound <= QuantRange.SmallestAmax;

        // A bound that lies within a step of the grid's end moves with it; otherwise an end that nothing reaches would hold the other one.
        float ratio = range.Low == 0 ? 0 : range.High / range.Low, near = MathF.Max(greatest, least * ratio) * (1 - (1 / range.High));
        bool isMaximumNear = range.Low == 0 || greatest >= near, isMinimumNear = range.Low != 0 && least * ratio >= near;
        Job job = new()
        {
            Source = LibTorch.ConstData(input),
            Target = LibTorch.Data(output),
            OfInput = LibTorch.Data(gradients.Input),
            OfMaximum = LibTorch.Data(gradients.Maximum),
            OfMinimum = LibTorch.Data(gradients.Minimum),
            Scale = isTiny ? 0 : range.High / bound,
            Divisor = isTiny ? 1 : range.High / bound,
            Low = range.Low,
            High = range.High,
            Least = least,
            Greatest = greatest,
            ErrorToMaximum = isTiny || !isMaximumNear ? 0 : factor / bound,
            ErrorToMinimum = isTiny || !isMinimumNear ? 0 : factor / bound * ratio,
            BelowToMinimum = range.Low == 0 ? 0 : 1,
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
        public float Scale, Divisor, Low, High, Least, Greatest, ErrorToMaximum, ErrorToMinimum, BelowToMinimum;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)]), MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        Vector<float> scales = new(job->Scale), divisors = new(job->Divisor), lows = new(job->Low), highs = new(job->High), zeros = default, ones = Vector<float>.One;
        Vector<float> least = new(job->Least), greatest = new(job->Greatest), toMaximum = new(job->ErrorToMaximum), toMinimum = new(job->ErrorToMinimum);
        Vector<float> belowToMinimum = new(job->BelowToMinimum);
        long i = begin;
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> x = Vector.Load(job->Source + i);
            Vector<int> below = Vector.LessThan(x, least), above = Vector.AndNot(Vector.GreaterThan(x, greatest), below);
            Vector<float> clipped = Vector.ConditionalSelect(above, greatest, Vector.ConditionalSelect(below, least, x));
            Vector<float> integer = Vector.MinNative(highs, Vector.MaxNative(lows, Vector.Round(clipped * scales)));
            Vector<float> y = integer / divisors, error = y - x;
            Vector<int> outside = above | below;
            y.Store(job->Target + i);
            Vector.ConditionalSelect(outside, zeros, ones).Store(job->OfInput + i);
            Vector.ConditionalSelect(above, ones, Vector.ConditionalSelect(below, zeros, error * toMaximum)).Store(job->OfMaximum + i);
            Vector.ConditionalSelect(below, belowToMinimum, Vector.ConditionalSelect(above, zeros, error * toMinimum)).Store(job->OfMinimum + i);
        }

        for (; i < end; i++)
        {
            float x = job->Source[i];
            bool below = x < job->Least, above = !below && x > job->Greatest;
            float rounded = MathF.Round((above ? job->Greatest : below ? job->Least : x) * job->Scale);
            float y = (rounded < job->Low ? job->Low : rounded > job->High ? job->High : rounded) / job->Divisor, error = y - x;
            job->Target[i] = y;
            job->OfInput[i] = above || below ? 0 : 1;
            job->OfMaximum[i] = above ? 1 : below ? 0 : error * job->ErrorToMaximum;
            job->OfMinimum[i] = below ? job->BelowToMinimum : above ? 0 : error * job->ErrorToMinimum;
        }
    }
}
