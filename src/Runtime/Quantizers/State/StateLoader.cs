using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Quantizers.State;

/// <summary>
/// What TorchSharp's <c>load</c> and <c>load_state_dict</c> do, for modules with quantizers: TorchSharp itself refuses ranges that only the file has, or drops
/// them
/// without a word where it is not strict.
/// </summary>
internal static class StateLoader
{
    /// <summary>Loads a file of <c>Module.save</c>.</summary>
    public static Module Load(Module model, BinaryReader reader, bool strict, IList<string>? skip, Dictionary<string, bool>? loadedParameters)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> file = StateFile.Read(reader, "The stream");
        StateTransfer transfer = Run(model, file, strict, skip);
        foreach (string name in file.Keys)
        {
            loadedParameters?.Add(name, !transfer.Unexpected.Contains(name));
        }

        return model;
    }

    /// <summary>Copies a state dict.</summary>
    public static (IList<string> MissingKeys, IList<string> UnexpectedKeys) LoadStateDict(
        Module model, Dictionary<string, Tensor> source, bool strict, IList<string>? skip)
    {
        ArgumentNullException.ThrowIfNull(source);
        StateTransfer transfer = Run(model, source, strict, skip);
        return ([.. transfer.Missing], [.. transfer.Unexpected]);
    }

    private static StateTransfer Run(Module model, IReadOnlyDictionary<string, Tensor> state, bool strict, IList<string>? skip)
    {
        StateTransfer transfer = new(model, state, skip);
        transfer.RequireFit(strict ? [.. transfer.Missing, .. transfer.Unexpected] : []);
        transfer.Run();
        return transfer;
    }
}
