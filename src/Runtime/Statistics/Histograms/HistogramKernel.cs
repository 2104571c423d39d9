using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Statistics.Histograms;

/// <summary>
/// Counts absolute values into the bins of a <see cref="HistogramLayout"/>, those of negative numbers apart, and finds their range, in one pass over memory.
/// </summary>
internal static unsafe class HistogramKernel
{
    private const long ElementsPerTask = 65536;

    // Neighbours often fall into one bin; counting them in turn into several tables keeps an increment from waiting for the last one.
    private const int Tables = 4;

    // Below this, clearing and adding up several tables would cost more than it saves.
    private const long FewElements = 32768;

    /// <summary>How many octaves below the linear bins one pass tells apart.</summary>
    public const int Window = 32;

    private const int SmallestNormalBits = 0x00800000, MagnitudeBits = int.MaxValue, MantissaLength = 23, ExponentBias = 127;

    /// <summary>Counts the values of a contiguous float32 tensor on the CPU.</summary>
    /// <param name="source">The tensor, not empty.</param>
    /// <param name="layout">The bins.</param>
    /// <param name="exponent">The width of a linear bin is two to this power.</param>
    /// <returns>The counts; null where a value lies beyond the last bin or is NaN.</returns>
    public static SignedCounts? Run(Tensor source, HistogramLayout layout, int exponent)
    {
        SignedCounts counts = new(layout);
        Job job = new()
        {
            InverseWidth = MathF.ScaleB(1, -exponent),
            LinearStart = layout.LinearStart,
            Bins = layout.Bins,
            TopOctave = layout.TopOctave(exponent),
            MantissaBits = layout.MantissaBits,
        };
        (long[] all, long[] negative) = Count(source, ref job);
        if (all[job.Outside] > 0)
        {
            return null;
        }

        counts.All.AddLinear(all.AsSpan(0, job.Bins));
        counts.Negative.AddLinear(negative.AsSpan(0, job.Bins));
        counts.AddOctaves(all.AsSpan(job.Bins, job.OctaveEntries), negative.AsSpan(job.Bins, job.OctaveEntries), job.LowestOctave);
        counts.All.Tiny = all[job.Tiny];

        // Values further below are rare, and each further pass looks at the next octaves only.
        while (all[job.Under] > 0)
        {
            (job.LinearStart, job.TopOctave) = (float.PositiveInfinity, job.LowestOctave - 1);
            (all, negative) = Count(source, ref job);
            counts.AddOctaves(all.AsSpan(job.Bins, job.OctaveEntries), negative.AsSpan(job.Bins, job.OctaveEntries), job.LowestOctave);
        }

        (counts.All.Minimum, counts.All.Maximum) = (job.Minimum, job.Maximum);
        return counts;
    }

    private static (long[] All, long[] Negative) Count(Tensor source, ref Job job)
    {
        long elements = source.numel();
        int tasks = (int)Math.Min(get_num_threads(), (elements + ElementsPerTask - 1) / ElementsPerTask);
        nuint length = (nuint)job.TableLength;
        int tables = elements < FewElements ? 1 : Tables;

        // All memory is taken here: an exception inside a native callback would end the process.
        uint* memory = (uint*)NativeMemory.AllocZeroed((nuint)(tasks * tables) * length, sizeof(uint));
        try
        {
            job.Source = LibTorch.ConstData(source);
            job.Memory = memory;
            (job.Elements, job.Tasks, job.TablesInUse) = (elements, tasks, tables);
            (job.Minimum, job.Maximum) = (float.PositiveInfinity, float.NegativeInfinity);
            fixed (Job* context = &job)
            {
                LibTorch.ParallelFor(tasks, 1, &RunTasks, context);
            }

            GC.KeepAlive(source);
            long[] all = new long[job.Entries], negative = new long[job.Entries];
            for (int table = 0; table < tasks * tables; table++)
            {
                AddTo(all, memory + ((nuint)table * length));
                AddTo(negative, memory + ((nuint)table * length) + job.Entries);
            }

            for (int entry = 0; entry < all.Length; entry++)
            {
                all[entry] += negative[entry];
            }

            return (all, negative);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private static void AddTo(long[] sums, uint* counted)
    {
        for (int entry = 0; entry < sums.Length; entry++)
        {
            sums[entry] += counted[entry];
        }
    }

    /// <summary>
    /// What a pass works on. Entries of a table: the linear bins, the octaves of the window, and three for what is in none of them; then as many again, for
    /// numbers with a minus sign.
    /// </summary>
    private struct Job
    {
        public float* Source;
        public long Elements;
        public int Tasks, TablesInUse;
        public uint* Memory;
        public float InverseWidth, LinearStart;
        public int Bins, TopOctave, MantissaBits;
        public float Minimum, Maximum;

        public readonly int LowestOctave => TopOctave - Window + 1;

        public readonly int OctaveEntries => Window << MantissaBits;

        public readonly int Under => Bins + OctaveEntries;

        public readonly int Tiny => Under + 1;

        public readonly int Outside => Under + 2;

        public readonly int Entries => Under + 3;

        public readonly int TableLength => 2 * Entries;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void RunTasks(long begin, long end, void* context)
    {
        Job* job = (Job*)context;
        for (long task = begin; task < end; task++)
        {
            uint* tables = job->Memory + (task * job->TablesInUse * job->TableLength);
            float* from = job->Source + (job->Elements * task / job->Tasks), to = job->Source + (job->Elements * (task + 1) / job->Tasks);
            (float minimum, float maximum) = Fill(job, from, to, tables);
            RangeKernel.Keep(ref job->Minimum, minimum, larger: false);
            RangeKernel.Keep(ref job->Maximum, maximum, larger: true);
        }
    }

    // A calibration is run once: there is no second call to be optimised for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Minimum, float Maximum) Fill(Job* job, float* x, float* end, uint* tables)
    {
        // One table several times where there are few elements.
        int apart = job->TablesInUse == 1 ? 0 : job->TableLength;
        uint* table0 = tables, table1 = table0 + apart, table2 = table1 + apart, table3 = table2 + apart;
        int octaveBase = ((job->LowestOctave + ExponentBias) << job->MantissaBits) - job->Bins, droppedBits = MantissaLength - job->MantissaBits;
        Vector512<float> inverses = Vector512.Create(job->InverseWidth), starts = Vector512.Create(job->LinearStart), limits = Vector512.Create(
            (float)job->Bins);
        Vector512<int> magnitudes = Vector512.Create(MagnitudeBits), normals = Vector512.Create(SmallestNormalBits), bases = Vector512.Create(octaveBase);
        Vector512<int> firsts = Vector512.Create(job->Bins), unders = Vector512.Create(job->Under), tinies = Vector512.Create(job->Tiny), outsides = Vector512.Create(
            job->Outside);
        Vector512<float> least = Vector512.Create(float.PositiveInfinity), greatest = Vector512.Create(float.NegativeInfinity);
        Vector512<int> perSign = Vector512.Create(job->Entries);
        int* index = stackalloc int[Vector512<int>.Count];
        for (; x <= end - Vector512<float>.Count; x += Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.Load(x);
            least = Vector512.MinNative(least, value);
            greatest = Vector512.MaxNative(greatest, value);
            Vector512<int> bits = value.AsInt32() & magnitudes;
            Vector512<float> place = bits.AsSingle() * inverses;
            Vector512<int> linear = Vector512.ConditionalSelect(Vector512.LessThan(place, limits).AsInt32(), Vector512.ConvertToInt32Native(place), outsides);
            Vector512<int> entry = (bits >> droppedBits) - bases;
            entry = Vector512.ConditionalSelect(Vector512.LessThan(entry, unders), entry, outsides);
            entry = Vector512.ConditionalSelect(Vector512.LessThan(entry, firsts), unders, entry);
            entry = Vector512.ConditionalSelect(Vector512.LessThan(bits, normals), tinies, entry);
            entry = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(place, starts).AsInt32(), linear, entry);

            // The sign, spread over all bits, chooses the second half of the table.
            (entry + ((value.AsInt32() >> 31) & perSign)).Store(index);
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
            int raw = BitConverter.SingleToInt32Bits(*x), bits = raw & MagnitudeBits, entry = (bits >> droppedBits) - octaveBase;
            float place = BitConverter.Int32BitsToSingle(bits) * job->InverseWidth;
            table0[(raw < 0 ? job->Entries : 0) + (place >= job->LinearStart ? (place < job->Bins ? (int)place : job->Outside)
                : bits < SmallestNormalBits ? job->Tiny
                : entry < job->Bins ? job->Under
                : entry < job->Under ? entry : job->Outside)]++;
            minimum = MathF.Min(minimum, *x);
            maximum = MathF.Max(maximum, *x);
        }

        return (minimum, maximum);
    }
}
