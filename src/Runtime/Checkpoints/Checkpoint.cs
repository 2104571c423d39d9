using QuantGen.Checkpoints;
using QuantGen.Checkpoints.Files;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>
/// A file of weights, open for reading: TorchSharp's <c>.dat</c>, <c>.safetensors</c>, their <c>.index.json</c> or PyTorch's <c>.pth</c> and <c>.pt</c>, known
/// by what is in it. It is mapped into memory; values are read when they are asked for.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly OpenFiles _files;
    private readonly Dictionary<string, StoredTensor> _byName;

    private Checkpoint(string path, OpenFiles files)
    {
        (Path, _files) = (path, files);
        _byName = files.State.Tensors.ToDictionary(tensor => tensor.Name);
        Tensors = [.. files.State.Tensors.Select(tensor => new CheckpointTensor(tensor.Name, tensor.Type.Name, tensor.Type.Loaded, tensor.Shape))];
    }

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }

    /// <summary>The kind of file.</summary>
    public CheckpointFormat Format => _files.State.Format;

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Texts that the writer of a safetensors file put beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _files.State.Metadata;

    /// <summary>Under which keys of a PyTorch file the tensors are, such as "state_dict"; null where they are at its top.</summary>
    public string? Container => _files.State.Container;

    /// <summary>Other keys under which a PyTorch file has weights, such as "ema"; <see cref="Open"/> takes them as its container.</summary>
    public IReadOnlyList<string> OtherContainers => _files.State.OtherContainers;

    internal IReadOnlyDictionary<string, StoredTensor> Stored => _byName;

    /// <summary>Opens a file. All that it says of its tensors is checked here, and no value is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="container">
    /// For PyTorch files: the keys of the dictionary to read, with dots between; null to look for one in "state_dict", "model_state_dict", "model", "net",
    /// "params", "ema" and their kin.
    /// </param>
    /// <returns>The file, to be disposed.</returns>
    /// <exception cref="CheckpointException">It is damaged, of another kind, or holds something that is not read.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a folder.</exception>
    public static Checkpoint Open(string path, string? container = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TorchNative.EnsureLoaded();
        return new(path, OpenFiles.Open(path, container));
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>A new tensor on the CPU, in row-major order; 8-bit floats as float32.</returns>
    /// <exception cref="ArgumentException">There is no such tensor.</exception>
    /// <exception cref="CheckpointException">A bool in it is neither 0 nor 1.</exception>
    public Tensor Read(string name)
        => _byName.TryGetValue(name, out StoredTensor? tensor)
            ? tensor.Load()
            : throw new ArgumentException($"'{Path}' has no tensor '{name}'{NearestNames.Hint(name, _byName.Keys, "it has")}.", nameof(name));

    /// <summary>Reads all tensors.</summary>
    /// <returns>New tensors by name, in the order of the file.</returns>
    /// <exception cref="CheckpointException">A bool in them is neither 0 nor 1.</exception>
    public Dictionary<string, Tensor> ReadAll() => _byName.ToDictionary(entry => entry.Key, entry => entry.Value.Load());

    /// <summary>
    /// Writes tensors. The extension says how: <c>.safetensors</c>; <c>.pth</c>, <c>.pt</c> and <c>.bin</c> for PyTorch, whose
    /// <c>torch.load(weights_only=True)</c> reads them; <c>.dat</c> for TorchSharp's <c>load</c>.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced once the new one is complete.</param>
    /// <param name="state">The tensors by name.</param>
    /// <param name="metadata">Texts beside them, for safetensors files.</param>
    /// <exception cref="ArgumentException">An extension that says nothing, or texts that the format does not keep.</exception>
    /// <exception cref="NotSupportedException">A type of tensor that is not written, such as complex numbers.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(state);
        CheckpointWriter.Write(path, state, metadata ?? new Dictionary<string, string>());
    }

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose() => _files.Dispose();
}
