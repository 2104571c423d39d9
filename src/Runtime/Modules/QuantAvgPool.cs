namespace QuantGen.Modules;

/// <summary>Average pooling with quantized input.</summary>
public abstract class QuantAvgPool : QuantPool
{
    private protected QuantAvgPool(string name, PoolWindow window, bool count_include_pad, long? divisor_override, QuantDescriptor input)
        : base(name, window, input)
    {
        (this.count_include_pad, this.divisor_override) = (count_include_pad, divisor_override);
    }

    /// <summary>Whether the padding counts in the average.</summary>
    public bool count_include_pad { get; }

    /// <summary>What sums are divided by, instead of the number of elements; always null for 1D pools.</summary>
    public long? divisor_override { get; }
}
