using System.IO.Compression;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.Pickle;
using static QuantGen.Checkpoints.Pickle.PickleOpcode;
using static TorchSharp.torch;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>Writes a state dict as torch.save does, so that torch.load reads it, with weights_only too. Each tensor has a storage of its own.</summary>
internal static class TorchZipWriter
{
    // PyTorch finds the records by the folder of the first one, whatever its name.
    private const string Folder = "archive/";

    // The version of PyTorch's file format that it has written since 1.6.
    private static ReadOnlySpan<byte> Version => "3\n"u8;

    // One content is one file: zip archives keep times, of which this is the first.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes tensors.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="state">The tensors by name.</param>
    /// <exception cref="NotSupportedException">A type that is not written.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> state)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        Record(archive, "data.pkl", record => record.Write(Pickled(state)));
        Record(archive, "byteorder", record => record.Write("little"u8));
        int number = 0;
        foreach (Tensor tensor in state.Values)
        {
            Record(archive, $"data/{number++}", record => TensorBytes.Write(record, tensor));
        }

        Record(archive, "version", record => record.Write(Version));
    }

    private static void Record(ZipArchive archive, string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = archive.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = s_time;
        using Stream stream = entry.Open();
        write(stream);
    }

    private static byte[] Pickled(IReadOnlyDictionary<string, Tensor> state)
    {
        PickleWriter pickle = new();
        OrderedDictionary(pickle);
        pickle.Put(Mark);
        int number = 0;
        foreach ((string name, Tensor tensor) in state)
        {
            pickle.Text(name);
            Write(pickle, tensor, number++);
        }

        pickle.Put(SetItems);
        return pickle.Finish();
    }

    // _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks)
    private static void Write(PickleWriter pickle, Tensor tensor, int storage)
    {
        pickle.Name("torch._utils", "_rebuild_tensor_v2");
        pickle.Put(Mark);
        pickle.Put(Mark);
        pickle.Text("storage");
        pickle.Name("torch", ElementType.Of(tensor.dtype).Storage!);
        pickle.Text($"{storage}");
        pickle.Text("cpu");
        pickle.Integer(tensor.NumberOfElements);
        pickle.Put(PickleOpcode.Tuple);
        pickle.Put(BinPersId);
        pickle.Integer(0);
        pickle.Integers(tensor.shape);
        pickle.Integers(TensorShape.RowMajor(tensor.shape));
        pickle.Put(NewFalse);
        OrderedDictionary(pickle);
        pickle.Put(PickleOpcode.Tuple);
        pickle.Put(Reduce);
    }

    private static void OrderedDictionary(PickleWriter pickle)
    {
        pickle.Name("collections", "OrderedDict");
        pickle.Put(EmptyTuple);
        pickle.Put(Reduce);
    }
}
