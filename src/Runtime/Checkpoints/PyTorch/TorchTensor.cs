using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>A tensor, as the pickle describes it; nothing is checked yet.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Offset">Where its first element is in the storage, in elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">Its strides, in elements.</param>
internal sealed record TorchTensor(TorchStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);
