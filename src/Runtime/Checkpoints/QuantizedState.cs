using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Restores a calibrated model, whose quantizers get their amax from the state.</summary>
public static class QuantizedState
{
    /// <summary>Loads what <c>model.save(path)</c> wrote of a calibrated or fine-tuned model.</summary>
    /// <param name="model">A model of the same class, calibrated or not.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not a file that TorchSharp writes.</exception>
    /// <exception cref="ArgumentException">It does not fit the model; the message lists what does not, and nothing has changed.</exception>
    public static void LoadState(this Module model, string path)
    {
        using var scope = NewDisposeScope();
        model.LoadState(StateFile.Read(path));
    }

    /// <summary>Copies a state dict into a model. The state of quantizers, such as <c>_amax</c>, comes into being where only the source has it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="state">The state, as <c>state_dict()</c> of a model of the same class gives it.</param>
    /// <exception cref="ArgumentException">A missing or unknown name or another shape; the message lists them, and nothing has changed.</exception>
    public static void LoadState(this Module model, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        Dictionary<string, TensorQuantizer> quantizers = model.named_modules()
            .Where(entry => entry.module is TensorQuantizer).ToDictionary(entry => entry.name, entry => (TensorQuantizer)entry.module);
        Dictionary<string, Tensor> own = model.state_dict();
        string[] problems = StateComparison.Problems(own, state, mayBeMissing: _ => false, mayBeNew: name => IsLateState(name, quantizers));
        if (problems.Length > 0)
        {
            throw new ArgumentException($"The state does not fit {model.GetName()}: {string.Join("; ", problems)}. Nothing was loaded.", nameof(state));
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach ((string name, Tensor value) in state)
        {
            if (own.TryGetValue(name, out Tensor? mine))
            {
                mine.copy_(value);
            }
        }

        foreach ((string name, TensorQuantizer quantizer) in quantizers)
        {
            quantizer.RestoreState(LateState.ToDictionary(key => key, key => state.GetValueOrDefault($"{name}.{key}")));
        }
    }

    private static IReadOnlyList<string> LateState => TensorQuantizer.LateState;

    private static bool IsLateState(string name, Dictionary<string, TensorQuantizer> quantizers)
        => LateState.Any(key => name.EndsWith($".{key}", StringComparison.Ordinal) && quantizers.ContainsKey(name[..^(key.Length + 1)]));
}
