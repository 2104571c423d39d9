using CsCheck;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class HistogramTests
{
    private static readonly Gen<float> s_value = Gen.OneOf(
        Gen.Const(0f), Gen.Float[-4f, 4f], Gen.Float[-1e-3f, 1e-3f], Gen.Float[-1e30f, 1e30f], Gen.Const(float.Epsilon), Gen.Const(float.MaxValue), Gen.Const(-2f));

    private static readonly Gen<float[][]> s_batches = s_value.Array[0, 40].Array[1, 6];

    [Fact]
    public void Bins_are_powers_of_two_wide_and_reach_the_largest_value()
    {
        Histogram histogram = Of([0f, 0.5f, -1.5f, 3f], bins: 4);

        Assert.Equal(1, histogram.BinWidth);
        Assert.Equal([2, 1, 0, 1], histogram.Counts.ToArray());
        Assert.Equal([0, 1, 2, 3, 4], histogram.Edges.ToArray());
        Assert.Equal(4, histogram.Total);
        Assert.Equal(-1.5, histogram.Minimum);
        Assert.Equal(3, histogram.Maximum);
        Assert.Equal(3, histogram.Largest);
    }

    [Fact]
    public void A_larger_value_doubles_the_width_and_joins_neighbours()
    {
        Histogram histogram = Of([0f, 0.5f, 1.5f, 3f], bins: 4);

        histogram.Add(tensor([-7.5f]));

        Assert.Equal([3, 1, 0, 1], histogram.Counts.ToArray());
        Assert.Equal(2, histogram.BinWidth);
    }

    [Fact]
    public void Zeros_alone_have_no_width()
    {
        Histogram histogram = Of([0f, 0f]);

        Assert.Equal(0, histogram.BinWidth);
        Assert.Equal([2], histogram.Counts.ToArray());
        Assert.Equal(0, histogram.Largest);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_batch_that_is_not_finite_changes_nothing(float value)
    {
        Histogram histogram = Of([1f, 2f]);
        float[] batch = [.. Enumerable.Repeat(1f, 100_000)];
        batch[70_000] = value;

        Assert.ThrowsAny<ArgumentException>(() => histogram.Add(tensor(batch)));
        Assert.Equal(2, histogram.Total);
        Assert.Equal(2, histogram.Counts.ToArray().Sum());
        Assert.ThrowsAny<ArgumentException>(() => new Histogram().Add(tensor(batch)));
    }

    [Fact]
    public void Merging_is_the_same_as_collecting_at_once() => s_batches.Sample(batches =>
    {
        Histogram merged = batches.Select(batch => Of(batch)).Aggregate(new Histogram(16), Histogram.Merge);

        AssertEqual(Of([.. batches.SelectMany(batch => batch)]), merged);
    });

    [Fact]
    public void Order_of_batches_does_not_matter() => Gen.Select(s_batches, Gen.Int).Sample((batches, seed) =>
    {
        Histogram first = new(16), second = new(16);
        float[][] shuffled = [.. batches];
        new Random(seed).Shuffle(shuffled);
        Array.ForEach(batches, batch => first.Add(tensor(batch)));
        Array.ForEach(shuffled, batch => second.Add(tensor(batch)));

        AssertEqual(first, second);
    });

    [Fact]
    public void Grouping_of_merges_does_not_matter() => Gen.Select(s_batches, s_batches, s_batches).Sample((a, b, c) =>
    {
        Histogram x = Of([.. a.SelectMany(batch => batch)]), y = Of([.. b.SelectMany(batch => batch)]), z = Of([.. c.SelectMany(batch => batch)]);

        AssertEqual(Histogram.Merge(Histogram.Merge(x, y), z), Histogram.Merge(x, Histogram.Merge(y, z)));
        AssertEqual(Histogram.Merge(x, y), Histogram.Merge(y, x));
    });

    [Fact]
    public void The_kernel_counts_as_composed_operations_do()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Tensor values = randn(300_007);
        Histogram histogram = new();
        histogram.Add(values);

        Tensor expected = values.abs().div(histogram.BinWidth).floor().to(ScalarType.Int64).bincount(null, 2048);

        Assert.Equal(expected.data<long>().ToArray()[..histogram.Counts.Length], histogram.Counts.ToArray());
        Assert.Equal(values.min().item<float>(), histogram.Minimum);
        Assert.Equal(values.max().item<float>(), histogram.Maximum);
    }

    [Fact]
    public void The_way_of_other_devices_counts_the_same() => s_batches.Sample(batches =>
    {
        Histogram kernel = new(16), composed = new(16);
        foreach (float[] batch in batches.Where(batch => batch.Length > 0))
        {
            using var scope = NewDisposeScope();
            Assert.Equal(kernel.Add(tensor(batch)), composed.AddOnDevice(tensor(batch)).Amax);
        }

        AssertEqual(kernel, composed);
    });

    [Fact]
    public void Half_precision_and_layouts_without_order_are_counted_as_well()
    {
        Tensor values = arange(24, dtype: ScalarType.Float32).reshape(2, 3, 4);

        Histogram transposed = new(16), half = new(16);
        transposed.Add(values.transpose(0, 2));
        half.Add(values.to(ScalarType.Float16));

        AssertEqual(transposed, half);
        Assert.Equal([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], half.Counts.ToArray());
    }

    [Fact]
    public void Negative_numbers_are_counted_apart() => s_batches.Sample(batches =>
    {
        float[] all = [.. batches.SelectMany(batch => batch)];
        Histogram both = Of(all), mirrored = Of([.. all.Select(value => -value)]), above = Of([.. all.Where(value => value > 0)]);

        Assert.Equal(both.Below.FineCounts[1..], mirrored.Above.FineCounts[1..]);
        Assert.Equal(both.Below.FineEdges, mirrored.Above.FineEdges);
        Assert.Equal(all.Count(value => value < 0 && float.IsNormal(value)), both.Below.FineCounts.Sum());
        Assert.Equal(both.Total, both.Below.FineCounts.Sum() + both.Above.FineCounts.Sum());
        if (both.Largest == above.Largest)
        {
            Assert.Equal(above.Counts[1..].ToArray(), both.Above.Counts[1..]);
        }
    });

    private static Histogram Of(float[] values, int bins = 16)
    {
        Histogram histogram = new(bins);
        using Tensor input = tensor(values);
        histogram.Add(input);
        return histogram;
    }

    internal static void AssertEqual(Histogram expected, Histogram actual)
    {
        Assert.Equal(expected.Counts.ToArray(), actual.Counts.ToArray());
        Assert.Equal(expected.FineCounts.ToArray(), actual.FineCounts.ToArray());
        Assert.Equal(expected.FineEdges.ToArray(), actual.FineEdges.ToArray());
        Assert.Equal(expected.Below.FineCounts, actual.Below.FineCounts);
        Assert.Equal(expected.Below.FineEdges, actual.Below.FineEdges);
        Assert.Equal(expected.Above.FineCounts, actual.Above.FineCounts);
        Assert.Equal(expected.Total, actual.FineCounts.ToArray().Sum());
        Assert.Equal((expected.BinWidth, expected.Minimum, expected.Maximum, expected.Total), (actual.BinWidth, actual.Minimum, actual.Maximum, actual.Total));
    }
}
