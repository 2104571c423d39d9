namespace QuantGen.Quantizers;

/// <summary>A quantizer's input that statistics cannot take, such as one with NaN.</summary>
internal sealed class CollectionException(TensorQuantizer quantizer, Exception cause) : ArgumentException(cause.Message, cause)
{
    public TensorQuantizer Quantizer { get; } = quantizer;
}
