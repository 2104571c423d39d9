using System.Text;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.Pickle;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>What torch.save writes since PyTorch 1.6: an archive with a pickle, and a record for each storage.</summary>
internal sealed class TorchZipFile
{
    // A record for the order of bytes is there since PyTorch 2.1.
    private const string Pickle = "data.pkl", Constants = "constants.pkl", ByteOrder = "byteorder", LittleEndian = "little";

    private readonly MappedFile _file;
    private readonly Dictionary<string, ZipRecord> _records;
    private readonly Dictionary<string, ByteSource> _packed = [];
    private readonly string _folder;

    private TorchZipFile(MappedFile file)
    {
        (_file, _records) = (file, ZipDirectory.Read(file));
        string[] pickles = [.. _records.Keys.Where(name => name.EndsWith($"/{Pickle}", StringComparison.Ordinal))];
        _folder = pickles is [var pickle]
            ? pickle[..^Pickle.Length]
            : throw CheckpointException.Refused(
                file.Path,
                $"is an archive with {pickles.Length} records '{Pickle}' instead of one",
                "What torch.save writes is read; save the state dict with it in Python");
    }

    /// <summary>Whether a file starts like an archive.</summary>
    public static bool Recognizes(MappedFile file) => file.Length >= 4 && file.Span(0, 4).SequenceEqual("PK\x3\x4"u8);

    /// <summary>Finds the tensors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="container">The keys of the dictionary, with dots between; null to look for it.</param>
    /// <exception cref="CheckpointException">It is damaged, or has something in it that is not read.</exception>
    public static StoredState Read(MappedFile file, string? container)
    {
        TorchZipFile archive = new(file);
        archive.CheckKind();
        string name = archive._folder + Pickle;
        (ByteSource bytes, long start, long length) = archive.Find(name)!.Value;
        object? root = new PickleMachine(new(bytes, start, start + length, CheckpointException.Quote(name)), new TorchGlobals()).Run();
        StateDictionary state = TorchState.Find(file, root, container);
        return TorchTensors.Place(file, CheckpointFormat.PyTorch, state, storage => archive.Find($"{archive._folder}data/{storage.Key}"));
    }

    private void CheckKind()
    {
        if (_records.ContainsKey(_folder + Constants))
        {
            throw CheckpointException.Refused(
                _file.Path, "is a TorchScript program", "Save its weights alone in Python: torch.save(torch.jit.load(path).state_dict(), other_path)");
        }

        if (Find(_folder + ByteOrder) is var (source, offset, length)
            && Encoding.UTF8.GetString(source.Span(offset, (int)Math.Min(length, 2 * LittleEndian.Length))) is var order && order != LittleEndian)
        {
            throw CheckpointException.Refused(
                _file.Path, $"was written in the order of bytes {CheckpointException.Quote(order)}, not little-endian", "Save it on a little-endian machine");
        }
    }

    private (ByteSource Source, long Offset, long Length)? Find(string name)
    {
        if (!_records.TryGetValue(name, out ZipRecord record))
        {
            return null;
        }

        if (record.IsEncrypted || record.Method is not (ZipRecord.Plain or ZipRecord.Deflate))
        {
            throw CheckpointException.Refused(
                _file.Path,
                $"has the record {CheckpointException.Quote(name)} encrypted or compressed by method {record.Method}",
                "Load and save it again in Python");
        }

        if (record.Method == ZipRecord.Plain)
        {
            return (_file, record.Offset, record.Length);
        }

        if (record.Length > MemoryLimit.Of(_file) || record.Length > Array.MaxLength || record.Stored > Array.MaxLength)
        {
            throw CheckpointException.Refused(
                _file.Path, $"has the record {CheckpointException.Quote(name)}, whose {record.Stored} bytes would become {record.Length}",
                "Load and save it in Python, which does not compress it, if it comes from where you trust");
        }

        if (!_packed.TryGetValue(name, out ByteSource? packed))
        {
            _packed.Add(name, packed = new PackedRecord(_file, name, record));
        }

        return (packed, 0, record.Length);
    }
}
