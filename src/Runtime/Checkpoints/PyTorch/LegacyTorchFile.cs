using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.Pickle;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>
/// Reads what torch.save wrote before PyTorch 1.6, and writes when told to: pickles of a magic number, the protocol, the machine, the value and the keys of the
/// storages, then each storage with its length.
/// </summary>
internal static class LegacyTorchFile
{
    private const long Protocol = 1001;
    private const int MagicWithin = 32;

    private static readonly BigInteger s_magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether a file starts with the magic number, in a pickle of any protocol.</summary>
    public static bool Recognizes(MappedFile file) => file.Span(0, (int)Math.Min(file.Length, MagicWithin)).IndexOf(s_magic.ToByteArray()) > 0;

    /// <summary>Finds the tensors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="container">The keys of the dictionary, with dots between; null to look for it.</param>
    /// <exception cref="CheckpointException">It is damaged, or has something in it that is not read.</exception>
    public static StoredState Read(MappedFile file, string? container)
    {
        TorchGlobals globals = new();
        long position = 0;
        object? magic = Next("the magic number"), protocol = Next("the protocol"), machine = Next("the machine");
        object? root = Next("the pickle"), keys = Next("the keys");
        if (magic is not BigInteger number || number != s_magic || protocol is not Protocol || machine is not PickleDictionary system
            || keys is not PickleList list)
        {
            throw CheckpointException.Damaged(file.Path, "the beginning", $"it is not what PyTorch's protocol {Protocol} has there");
        }

        if (system.Entries.GetValueOrDefault("little_endian") is false)
        {
            throw CheckpointException.Refused(file.Path, "was written big-endian", "Save it on a little-endian machine");
        }

        Dictionary<string, (long Offset, long Length)> places = Places(file, position, list, globals);
        return TorchTensors.Place(
            file,
            CheckpointFormat.PyTorchLegacy,
            TorchState.Find(file, root, container),
            storage => places.TryGetValue(storage.Key, out var place) ? (file, place.Offset, place.Length) : null);

        object? Next(string name)
        {
            PickleInput input = new(file, position, file.Length, name);
            object? value = new PickleMachine(input, globals).Run();
            position = input.Position;
            return value;
        }
    }

    private static Dictionary<string, (long Offset, long Length)> Places(MappedFile file, long position, PickleList keys, TorchGlobals globals)
    {
        Dictionary<string, (long Offset, long Length)> places = [];
        foreach (object? item in keys.Items)
        {
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Span(position, sizeof(long)));
            position += sizeof(long);
            if (item is not string key || !globals.Storages.TryGetValue(key, out TorchStorage? storage) || count != storage.Count
                || storage.Bytes is not { } length || !file.Has(position, length) || !places.TryAdd(key, (position, length)))
            {
                throw CheckpointException.Damaged(
                    file.Path,
                    $"byte {position}",
                    $"the storage {CheckpointException.Quote(item as string ?? "")} of {count} elements is not the one that was announced, or not all there");
            }

            position += length;
        }

        return places;
    }
}
