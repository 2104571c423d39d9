using System.Text;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.Pickle;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>Reads what torch.save writes since PyTorch 1.6: an archive with a pickle, and a record for each storage.</summary>
internal static class TorchZipFile
{
    // A record for the order of bytes is there since PyTorch 2.1.
    private const string Pickle = "data.pkl", Constants = "constants.pkl", ByteOrder = "byteorder", LittleEndian = "little";

    /// <summary>Whether a file starts like an archive.</summary>
    public static bool Recognizes(MappedFile file) => file.Length >= 4 && file.Span(0, 4).SequenceEqual("PK\x3\x4"u8);

    /// <summary>Finds the tensors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="container">The keys of the dictionary, with dots between; null to look for it.</param>
    /// <exception cref="CheckpointException">It is damaged, or has something in it that is not read.</exception>
    public static StoredState Read(MappedFile file, string? container)
    {
        Dictionary<string, ZipRecord> records = ZipDirectory.Read(file);
        string folder = Folder(file, records);
        ZipRecord pickle = records[folder + Pickle];
        TorchGlobals globals = new();
        object? root = new PickleMachine(new(file, pickle.Offset, pickle.Offset + pickle.Length, CheckpointException.Quote(folder + Pickle)), globals).Run();
        return TorchTensors.Place(
            file,
            CheckpointFormat.PyTorch,
            TorchState.Find(file, root, container),
            storage => records.TryGetValue($"{folder}data/{storage.Key}", out ZipRecord record) ? (record.Offset, record.Length) : null);
    }

    private static string Folder(MappedFile file, Dictionary<string, ZipRecord> records)
    {
        string[] pickles = [.. records.Keys.Where(name => name.EndsWith($"/{Pickle}", StringComparison.Ordinal))];
        if (pickles is not [var pickle])
        {
            throw CheckpointException.Refused(
                file.Path, $"is an archive with {pickles.Length} records '{Pickle}' instead of one", "What torch.save writes is read; save the state dict with it in Python");
        }

        string folder = pickle[..^Pickle.Length];
        if (records.ContainsKey(folder + Constants))
        {
            throw CheckpointException.Refused(
                file.Path, "is a TorchScript program", "Save its weights alone in Python: torch.save(torch.jit.load(path).state_dict(), other_path)");
        }

        if (records.FirstOrDefault(record => !record.Value.IsPlain).Key is { } packed)
        {
            throw CheckpointException.Refused(
                file.Path, $"has the record {CheckpointException.Quote(packed)} compressed or encrypted, as torch.save does not write it", "Load and save it again in Python");
        }

        if (records.TryGetValue(folder + ByteOrder, out ZipRecord mark)
            && Encoding.UTF8.GetString(file.Span(mark.Offset, (int)Math.Min(mark.Length, 2 * LittleEndian.Length))) is var order && order != LittleEndian)
        {
            throw CheckpointException.Refused(
                file.Path, $"was written in the order of bytes {CheckpointException.Quote(order)}, not little-endian", "Save it on a little-endian machine");
        }

        return folder;
    }
}
