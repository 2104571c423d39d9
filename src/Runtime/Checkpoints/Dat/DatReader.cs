using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.Dat;

/// <summary>
/// Reads TorchSharp's own files in place: a count, then for each tensor its name, the number of its type, its shape and its values. The format has no mark, so
/// that any other file is taken for a damaged one.
/// </summary>
internal static class DatReader
{
    /// <summary>Finds the tensors.</summary>
    /// <exception cref="CheckpointException">It is not such a file.</exception>
    public static StoredState Read(MappedFile file)
    {
        DatCursor cursor = new(file);
        Dictionary<string, StoredTensor> tensors = [];
        for (ulong left = cursor.Number(); left > 0; left--)
        {
            StoredTensor tensor = Tensor(file, cursor);
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw cursor.NotOurs();
            }

            cursor.Tensors++;
        }

        return cursor.Position == file.Length ? new(CheckpointFormat.TorchSharp, [.. tensors.Values]) : throw cursor.NotOurs();
    }

    private static StoredTensor Tensor(MappedFile file, DatCursor cursor)
    {
        string name = cursor.Text();
        (ulong type, ulong rank) = (cursor.Number(), cursor.Number());
        ElementType? element = ElementType.All.FirstOrDefault(known => !known.IsFloat8 && type == (ulong)known.Loaded);
        if (element is null || rank > TensorShape.LargestRank)
        {
            throw cursor.NotOurs();
        }

        long[] shape = new long[rank];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = (long)cursor.Number();
        }

        StoredTensor tensor = new(file, name, element, shape, cursor.Position);
        cursor.Skip(TensorShape.Count(shape) * element.Size);
        return tensor;
    }
}
