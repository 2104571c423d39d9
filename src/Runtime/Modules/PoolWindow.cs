namespace QuantGen.Modules;

/// <summary>The geometry of a pool: one entry for each spatial dimension.</summary>
/// <param name="Kernel">The window's sizes.</param>
/// <param name="Stride">Strides; null for the window's sizes.</param>
/// <param name="Padding">Padding on both sides; null for none.</param>
/// <param name="Dilation">Dilations; null for 1.</param>
/// <param name="CeilMode">Whether the output's size is rounded up.</param>
internal sealed record PoolWindow(long[] Kernel, long[]? Stride, long[]? Padding, long[]? Dilation, bool CeilMode)
{
    /// <summary>A window that does not change with the caller's arrays.</summary>
    public static PoolWindow Copy(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode)
    {
        ArgumentNullException.ThrowIfNull(kernel_size);
        return new([.. kernel_size], stride?.ToArray(), padding?.ToArray(), dilation?.ToArray(), ceilMode);
    }
}
