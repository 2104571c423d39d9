using static TorchSharp.torch;

namespace QuantGen;

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StoredType">The type of its elements in the file, by PyTorch's name, such as "float8_e4m3fn".</param>
/// <param name="Type">The type of the tensor that is read.</param>
/// <param name="Shape">Its shape.</param>
public sealed record CheckpointTensor(string Name, string StoredType, ScalarType Type, IReadOnlyList<long> Shape);
