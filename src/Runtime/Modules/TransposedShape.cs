namespace QuantGen.Modules;

/// <summary>The geometry of a transposed convolution: one entry for each spatial dimension.</summary>
/// <param name="Kernel">Kernel sizes.</param>
/// <param name="Stride">Strides.</param>
/// <param name="Padding">What the output is smaller by, on both sides.</param>
/// <param name="OutputPadding">What the output is larger by, behind.</param>
/// <param name="Dilation">Dilations.</param>
internal sealed record TransposedShape(long[] Kernel, long[] Stride, long[] Padding, long[] OutputPadding, long[] Dilation)
{
    /// <summary>The output padding that gives an output of the wanted size: between the smallest size and one step more.</summary>
    /// <param name="input">The shape of the input, with or without a batch.</param>
    /// <param name="wanted">The sizes of the spatial dimensions, or the whole shape of the output; null for the module's own output padding.</param>
    /// <exception cref="ArgumentException">A size that no output padding gives.</exception>
    public long[] OutputPaddingFor(long[] input, long[]? wanted)
    {
        if (wanted is null)
        {
            return OutputPadding;
        }

        int count = Kernel.Length;
        if (wanted.Length != count && wanted.Length != input.Length)
        {
            throw new ArgumentException(
                $"output_size has one entry for each of {count} spatial dimensions or of {input.Length} dimensions; got {wanted.Length}.", nameof(wanted));
        }

        long[] size = wanted[^count..];
        long[] least = [.. Enumerable.Range(0, count).Select(i => ((input[^(count - i)] - 1) * Stride[i]) - (2 * Padding[i]) + (Dilation[i] * (Kernel[i] - 1)) + 1)];
        long[] most = [.. Enumerable.Range(0, count).Select(i => least[i] + Math.Max(Stride[i], Dilation[i]) - 1)];
        if (Enumerable.Range(0, count).Any(i => size[i] < least[i] || size[i] > most[i]))
        {
            throw new ArgumentException(
                $"output_size is [{string.Join(", ", size)}], but for this input it can be from [{string.Join(", ", least)}] to [{string.Join(", ", most)}].",
                nameof(wanted));
        }

        return [.. Enumerable.Range(0, count).Select(i => size[i] - least[i])];
    }
}
