using QuantGen.Checkpoints.Dat;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.PyTorch;
using QuantGen.Checkpoints.Safetensors;

namespace QuantGen.Checkpoints;

/// <summary>The files of a checkpoint, open as long as its values are read: one, or those that an index names.</summary>
internal sealed class OpenFiles : IDisposable
{
    private readonly List<MappedFile> _files = [];

    private OpenFiles()
    {
    }

    /// <summary>What they hold.</summary>
    public StoredState State { get; private set; } = null!;

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static OpenFiles Open(string path, string? container)
    {
        OpenFiles files = new();
        try
        {
            MappedFile file = files.Map(path);
            files.State = ShardIndex.Recognizes(file) ? files.Shards(file, ShardIndex.Read(file)) : One(file, container);
            return container is null || files.State.Format is CheckpointFormat.PyTorch or CheckpointFormat.PyTorchLegacy
                ? files
                : throw CheckpointException.Refused(
                    path, $"has no dictionaries within dictionaries, so that there is no '{container}' in it", "Leave the container out");
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static StoredState One(MappedFile file, string? container)
        => TorchZipFile.Recognizes(file) ? TorchZipFile.Read(file, container)
            : LegacyTorchFile.Recognizes(file) ? LegacyTorchFile.Read(file, container)
            : SafetensorsReader.Recognizes(file) ? SafetensorsReader.Read(file)
            : DatReader.Read(file);

    private MappedFile Map(string path)
    {
        MappedFile file = MappedFile.Open(path);
        _files.Add(file);
        return file;
    }

    private StoredState Shards(MappedFile index, ShardIndex shards)
    {
        List<StoredTensor> tensors = [];
        foreach (string name in shards.Files.Values.Distinct())
        {
            string path = Path.Combine(Path.GetDirectoryName(index.Path) ?? "", name);
            if (!File.Exists(path))
            {
                throw CheckpointException.Refused(
                    index.Path, $"names the file {CheckpointException.Quote(name)}, which is not beside it", "Put all files of the model into one folder");
            }

            foreach (StoredTensor tensor in One(Map(path), null).Tensors)
            {
                tensors.Add(
                    shards.Files.Remove(tensor.Name, out string? expected) && expected == name
                        ? tensor
                        : throw CheckpointException.Damaged(
                            path, $"tensor {CheckpointException.Quote(tensor.Name)}", $"'{index.Path}' does not look for it in this file"));
            }
        }

        return shards.Files.Count == 0
            ? new(CheckpointFormat.ShardIndex, tensors) { Metadata = shards.Metadata }
            : throw CheckpointException.Damaged(
                index.Path,
                $"tensor {CheckpointException.Quote(shards.Files.First().Key)}",
                $"it is not in its file {CheckpointException.Quote(shards.Files.First().Value)}");
    }
}
