using QuantGen.Quantizers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <content>Loading the range from a state dict, where it may appear for the first time.</content>
public sealed partial class TensorQuantizer
{
    /// <summary>Copies a state dict into this quantizer. Buffers such as <c>_amax</c> come into being where only the source has them.</summary>
    /// <param name="source">The state.</param>
    /// <param name="strict">Whether missing and unknown keys are errors.</param>
    /// <param name="skip">Keys to leave out.</param>
    /// <exception cref="ArgumentException">
    /// A value of another shape, one that is no range, bits that are not this quantizer's, or a missing or unknown key; nothing has changed.
    /// </exception>
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
            else if (mine.ndim == 0 && value.ndim == 1 && value.shape[0] > 0)
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
        problems.AddRange(StateProblems(given));
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The state does not fit the quantizer: {string.Join("; ", problems)}.", nameof(source));
        }

        (IList<string>, IList<string>) result = base.load_state_dict(given.Where(entry => own.ContainsKey(entry.Key)).ToDictionary(), strict, skip);
        RestoreState(given);
        return result;
    }

    /// <inheritdoc/>
    public override Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> file = StateFile.Read(reader, "The stream");
        (_, IList<string> unexpected) = load_state_dict(file, strict, skip);
        foreach (string name in file.Keys)
        {
            loadedParameters?.Add(name, !unexpected.Contains(name));
        }

        return this;
    }

    /// <summary>Buffers that appear when there is something to keep in them.</summary>
    internal static IReadOnlyList<string> LateState { get; } = [nameof(_amax), nameof(_amin), nameof(_pre_quant_scale), nameof(_format)];

    /// <summary>The learned bounds in a state.</summary>
    internal static IReadOnlyList<string> BoundsState { get; } = ["clip.clip_value_min", "clip.clip_value_max"];

    /// <summary>What keeps a state from being this quantizer's, a phrase each; nothing is changed.</summary>
    internal IEnumerable<string> StateProblems(IReadOnlyDictionary<string, Tensor> state)
    {
        if (state.TryGetValue(nameof(_amax), out Tensor? amax) && RangeChecks.Problem(amax, ElementType) is { } problem)
        {
            yield return $"'{nameof(_amax)}': {problem.TrimEnd('.')}";
        }

        if (EndsProblem(state) is { } ends)
        {
            yield return ends;
        }

        foreach (string name in (IEnumerable<string>)[nameof(_pre_quant_scale), .. BoundsState])
        {
            if (state.TryGetValue(name, out Tensor? value) && value.is_floating_point() && !RangeChecks.IsFinite(value))
            {
                yield return $"'{name}' holds NaN or infinity";
            }
        }

        if (_pre_quant_scale is not null && state.TryGetValue(nameof(_pre_quant_scale), out Tensor? scale)
            && !_pre_quant_scale.shape.AsSpan().SequenceEqual(scale.shape))
        {
            yield return $"'{nameof(_pre_quant_scale)}' has shape [{string.Join(", ", scale.shape)}] instead of [{string.Join(", ", _pre_quant_scale.shape)}]";
        }

        if (state.TryGetValue(nameof(_format), out Tensor? format) && SavedFormat.Problem(format, Format) is { } mismatch)
        {
            yield return mismatch;
        }
    }

    /// <summary>Makes the buffers that a state has and this quantizer has not yet, and reads what is kept beside them. The state has no problems.</summary>
    internal void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        if (_amax is null && state.TryGetValue(nameof(_amax), out Tensor? amax))
        {
            if (state.TryGetValue(nameof(_amin), out Tensor? amin))
            {
                SetEnds(amin, amax, nameof(state));
            }
            else
            {
                SetAmax(amax, nameof(state));
            }
        }

        if (_pre_quant_scale is null && state.TryGetValue(nameof(_pre_quant_scale), out Tensor? scale))
        {
            PreQuantScale = scale;
        }

        if (state.TryGetValue(nameof(_format), out Tensor? format))
        {
            _isUnsigned = SavedFormat.IsUnsigned(format);
            KeepFormat();
        }

        if (state.ContainsKey(nameof(_amax)))
        {
            IsFromWeight = false;

            // A range that was not learned is where learning starts.
            if (_clip is not null && !BoundsState.Any(state.ContainsKey))
            {
                InitLearnAmax();
            }
        }
    }

    /// <summary>Takes range, factor and learned bounds of another quantizer with the same format; what that one does not have stays.</summary>
    internal void TakeStateOf(TensorQuantizer other)
    {
        using var scope = NewDisposeScope();

        // What the other one learned is its range, and not what it started from.
        bool isLearned = _clip is null && other.Bounds is not null && other.HasRange;
        Tensor? range = !isLearned ? other._amax : other.Format.Affine ? other._clip!.clip_value_max.detach().clamp_min(0) : other.Bounds!.Value.Amax(other.Format);
        if (range is not null)
        {
            if (_amax is not null && !_amax.shape.AsSpan().SequenceEqual(range.shape))
            {
                RemoveBuffer(ref _amax, nameof(_amax));
                RemoveBuffer(ref _amin, nameof(_amin));
            }

            if (other.Format.Affine)
            {
                SetEnds(isLearned ? other._clip!.clip_value_min.detach().clamp_max(0) : other._amin!, range, nameof(other));
            }
            else
            {
                SetAmax(range, nameof(other));
            }

            _isUnsigned = other._isUnsigned;
            IsFromWeight = other.IsFromWeight;
            RefreshFormat();
        }

        if (other._format is not null)
        {
            KeepFormat();
        }

        if (_clip is not null && other._clip is null && range is not null)
        {
            InitLearnAmax();
        }

        if (other._pre_quant_scale is not null)
        {
            PreQuantScale = other._pre_quant_scale;
        }

        if (_clip is not null && other._clip is not null)
        {
            _clip.clip_value_min.copy_(other._clip.clip_value_min);
            _clip.clip_value_max.copy_(other._clip.clip_value_max);
        }
    }

    // A range that calibration found belongs to the model's state, with the numbers that it was found for; one that a descriptor asks for does not, as in the
    // reference.
    private void KeepFormat()
    {
        using Tensor saved = SavedFormat.Of(Format);
        SetBuffer(ref _format, nameof(_format), saved);
    }

    private void RefreshFormat()
    {
        if (_format is not null)
        {
            KeepFormat();
        }
    }
}
