using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>Checks what a pickle says of its tensors against what the file has.</summary>
internal static class TorchTensors
{
    /// <summary>The tensors with their places.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">Its kind.</param>
    /// <param name="state">What the pickle says.</param>
    /// <param name="find">Where a storage is, in bytes; null where there is none.</param>
    /// <exception cref="CheckpointException">A tensor that does not lie in its storage.</exception>
    public static StoredState Place(
        MappedFile file, CheckpointFormat format, StateDictionary state, Func<TorchStorage, (ByteSource Source, long Offset, long Length)?> find)
    {
        List<StoredTensor> tensors = [];
        Int128 total = 0;
        foreach ((string name, TorchTensor tensor) in state.Tensors)
        {
            StoredTensor stored = Place(file, name, tensor, find);
            total += (Int128)stored.Count * tensor.Type.Size;
            if (total > MemoryLimit.Of(file))
            {
                throw CheckpointException.Damaged(
                    file.Path,
                    $"tensor {CheckpointException.Quote(name)}",
                    $"the tensors would take more than {MemoryLimit.Of(file)} bytes, of a file of {file.Length}");
            }

            tensors.Add(stored);
        }

        return new(format, tensors) { Container = state.Container, OtherContainers = state.Others };
    }

    private static StoredTensor Place(MappedFile file, string name, TorchTensor tensor, Func<TorchStorage, (ByteSource Source, long Offset, long Length)?> find)
    {
        string? problem = null;
        long elements = (tensor.Storage.Bytes ?? 0) / tensor.Type.Size;
        (ByteSource Source, long Offset, long Length)? place = find(tensor.Storage);
        if (tensor.Strides.Length != tensor.Shape.Length || TensorShape.Count(tensor.Shape) is null)
        {
            problem = $"shape {TensorShape.Text(tensor.Shape.Take(TensorShape.LargestRank))} with {tensor.Strides.Length} strides is none";
        }
        else if (place is null)
        {
            problem = $"its storage {CheckpointException.Quote(tensor.Storage.Key)} is not in the file";
        }
        else if (tensor.Storage.Bytes is not { } bytes || bytes > place.Value.Length || !place.Value.Source.Has(place.Value.Offset, bytes))
        {
            problem = $"its storage has {tensor.Storage.Count} elements, for which the {place.Value.Length} bytes in the file do not suffice";
        }
        else if (tensor.Offset < 0 || TensorShape.Extent(tensor.Shape, tensor.Strides) is not { } extent || extent > elements - tensor.Offset)
        {
            problem = $"shape {TensorShape.Text(tensor.Shape)} with strides {TensorShape.Text(tensor.Strides)} from element {tensor.Offset} "
                + $"leaves its storage of {elements}";
        }

        return problem is null
            ? new(place!.Value.Source, name, tensor.Type, tensor.Shape, place.Value.Offset + (tensor.Offset * tensor.Type.Size)) { Strides = tensor.Strides }
            : throw CheckpointException.Damaged(file.Path, $"tensor {CheckpointException.Quote(name)}", problem);
    }
}
