using static TorchSharp.torch;

namespace QuantGen;

/// <content>Loading amax from a state dict, where it may appear for the first time.</content>
public sealed partial class TensorQuantizer
{
    /// <summary>Copies a state dict into this quantizer. Buffers such as <c>_amax</c> come into being where only the source has them.</summary>
    /// <param name="source">The state.</param>
    /// <param name="strict">Whether missing and unknown keys are errors.</param>
    /// <param name="skip">Keys to leave out.</param>
    /// <exception cref="ArgumentException">A value of another shape, or a missing or unknown key; nothing has changed.</exception>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> own = state_dict();
        Dictionary<string, Tensor> given = source.Where(entry => skip?.Contains(entry.Key) != true).ToDictionary();
        List<string> problems = [];
        foreach ((string name, Tensor value) in source.Where(entry => given.ContainsKey(entry.Key)))
        {
            if (!own.TryGetValue(name, out Tensor? mine))
            {
                if (strict && !LateState.Contains(name))
                {
                    problems.Add($"'{name}' is unknown to a quantizer");
                }
            }
            else if (mine.ndim == 0 && value.ndim == 1)
            {
                // Scalars were vectors of one element before PyTorch 0.4, and PyTorch still reads them so.
                given[name] = value[0];
            }
            else if (!mine.shape.AsSpan().SequenceEqual(value.shape))
            {
                problems.Add($"'{name}' has shape [{string.Join(", ", value.shape)}] instead of [{string.Join(", ", mine.shape)}]");
            }
        }

        problems.AddRange(own.Keys.Where(name => strict && !given.ContainsKey(name) && skip?.Contains(name) != true).Select(name => $"'{name}' is missing"));
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The state does not fit the quantizer: {string.Join("; ", problems)}.", nameof(source));
        }

        (IList<string>, IList<string>) result = base.load_state_dict(given.Where(entry => own.ContainsKey(entry.Key)).ToDictionary(), strict, skip);
        RestoreState(given.ToDictionary(entry => entry.Key, entry => (Tensor?)entry.Value));
        return result;
    }

    /// <summary>Buffers that appear when there is something to keep in them.</summary>
    internal static IReadOnlyList<string> LateState { get; } = [nameof(_amax), nameof(_pre_quant_scale), nameof(_unsigned)];

    /// <summary>Makes the buffers that a state has and this quantizer has not yet, and reads what is kept beside them.</summary>
    internal void RestoreState(IReadOnlyDictionary<string, Tensor?> state)
    {
        if (_amax is null && state.GetValueOrDefault(nameof(_amax)) is { } amax)
        {
            Amax = amax;
        }

        if (_pre_quant_scale is null && state.GetValueOrDefault(nameof(_pre_quant_scale)) is { } scale)
        {
            PreQuantScale = scale;
        }

        if (state.GetValueOrDefault(nameof(_unsigned)) is { } unsigned)
        {
            Unsigned = unsigned.item<bool>();
            KeepUnsigned();
        }
    }

    // A range that calibration found belongs to the model's state; one that the descriptor asks for does not, as in the reference.
    private void KeepUnsigned()
    {
        using Tensor value = tensor(Unsigned);
        SetBuffer(ref _unsigned, nameof(_unsigned), value);
    }
}
