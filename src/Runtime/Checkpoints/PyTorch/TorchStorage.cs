using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>Memory that tensors of a file share, as the pickle names it; where it is, the file says elsewhere.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements; null where it is bytes, whose type each tensor says.</param>
/// <param name="Count">The number of its elements, or of its bytes.</param>
internal sealed record TorchStorage(string Key, ElementType? Type, long Count)
{
    /// <summary>Its bytes; null for an absurd count.</summary>
    public long? Bytes => TensorShape.Count([Count]) is { } count ? count * (Type?.Size ?? 1) : null;
}
