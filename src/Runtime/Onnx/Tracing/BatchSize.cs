namespace QuantGen.Onnx.Tracing;

/// <summary>How a size goes with the batch, from its values with two sizes of the batch.</summary>
internal readonly record struct BatchFactor(long First, long Second)
{
    /// <summary>The size as a multiple of the batch, numerator / denominator; null where it is none.</summary>
    public BatchSize? Of(long first, long second)
    {
        if (first * Second != second * First)
        {
            return null;
        }

        long divisor = GreatestCommonDivisor(first, First);
        return new BatchSize(first / divisor, First / divisor);
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

/// <summary>A size of a shape: the number <see cref="Numerator"/> where <see cref="Denominator"/> is 0, otherwise that fraction of the batch.</summary>
/// <param name="Numerator">The number; as in ONNX's Reshape, 0 stands for the same size as before, and -1 for what is left.</param>
/// <param name="Denominator">What the batch is divided by.</param>
internal readonly record struct BatchSize(long Numerator, long Denominator = 0)
{
    /// <summary>The same size as before.</summary>
    public static BatchSize Same => new(0);

    /// <summary>What is left.</summary>
    public static BatchSize Rest => new(-1);
}
