using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>
/// How much may become of a file. Tensors may share memory, repeat it where a stride is 0, and be compressed; a file of which very much more would be made than
/// it is long was written to do harm.
/// </summary>
internal static class MemoryLimit
{
    private const long MostExpansion = 16, SmallModel = 64 << 20;

    /// <summary>In bytes.</summary>
    public static long Of(MappedFile file) => Math.Max(SmallModel, Math.Min(file.Length, long.MaxValue / MostExpansion) * MostExpansion);
}
