using QuantGen;
using static TorchSharp.torch;

namespace ClusterCalibration;

/// <summary>The work itself: the statistics of one shard of the data. Every process has the same model and the same data by number.</summary>
internal static class ShardCollection
{
    private const int BatchesPerShard = 2, BatchSize = 16;

    /// <summary>Collects one shard.</summary>
    public static byte[] Collect(QuantConvNet model, int shard)
    {
        using var scope = NewDisposeScope();
        return Calibration.Collect(model, Batches(shard)).ToBytes();
    }

    /// <summary>The model, with the same weights in every process. A real one would load a file.</summary>
    public static QuantConvNet CreateModel()
    {
        random.manual_seed(1);
        return new QuantConvNet();
    }

    // Stands for files or rows of a table: what matters is that a shard's number says which data it is.
    private static IEnumerable<Tensor> Batches(int shard)
    {
        using var generator = new Generator((ulong)(1000 + shard));
        for (int batch = 0; batch < BatchesPerShard; batch++)
        {
            yield return randn(BatchSize, 3, 32, 32, generator: generator);
        }
    }
}
