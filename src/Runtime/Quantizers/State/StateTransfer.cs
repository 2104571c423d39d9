using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Quantizers.State;

/// <summary>A state on its way into a model: first everything is looked at, then everything is copied.</summary>
internal sealed class StateTransfer
{
    private readonly Module _model;
    private readonly Dictionary<string, Tensor> _own;
    private readonly Dictionary<string, Tensor> _given;
    private readonly Dictionary<string, TensorQuantizer> _quantizers;

    /// <summary>Compares names.</summary>
    /// <param name="model">The model.</param>
    /// <param name="state">The state.</param>
    /// <param name="skip">Names to leave out on both sides.</param>
    public StateTransfer(Module model, IReadOnlyDictionary<string, Tensor> state, IList<string>? skip = null)
    {
        _model = model;
        _own = model.state_dict();
        _given = state.Where(entry => skip?.Contains(entry.Key) != true).ToDictionary();
        _quantizers = QuantizersByName.Of(model);

        Missing = [.. _own.Keys.Where(name => !_given.ContainsKey(name) && skip?.Contains(name) != true)];
        Unexpected = [.. _given.Keys.Where(name => !_own.ContainsKey(name) && !IsLateState(name))];
    }

    /// <summary>Names that only the model has.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names that only the state has, and that cannot come into being.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>The enabled quantizers that have no range.</summary>
    public IReadOnlyList<string> WithoutRange =>
        [.. _quantizers.Where(entry => entry.Value is { IsEnabled: true, IsQuantizing: true, HasRange: false }).Select(entry => entry.Key)];

    /// <summary>Stops where the state does not go into the model.</summary>
    /// <param name="wrongNames">Missing and unexpected names that are errors.</param>
    /// <exception cref="ArgumentException">It does not; the message lists what does not fit.</exception>
    public void RequireFit(IReadOnlyCollection<string> wrongNames)
    {
        QuantizersByName.Place(_model);
        string[] problems =
        [
            .. wrongNames.Select(name => _own.ContainsKey(name) ? $"'{name}' is missing" : $"'{name}' is unknown"),
            .. _given.Where(entry => _own.TryGetValue(entry.Key, out Tensor? mine) && !mine.shape.AsSpan().SequenceEqual(entry.Value.shape))
                .Select(entry => $"'{entry.Key}' has shape [{string.Join(", ", entry.Value.shape)}] instead of [{string.Join(", ", _own[entry.Key].shape)}]"),
            .. _quantizers.SelectMany(entry => ProblemsOf(entry.Key, entry.Value)),
        ];
        if (problems.Length > 0)
        {
            throw new ArgumentException($"The state does not fit {_model.GetName()}: {string.Join("; ", problems)}. Nothing was loaded.");
        }
    }

    /// <summary>Copies.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach ((string name, Tensor value) in _given)
        {
            if (_own.TryGetValue(name, out Tensor? mine))
            {
                mine.copy_(value);
            }
        }

        foreach ((string name, TensorQuantizer quantizer) in _quantizers)
        {
            quantizer.RestoreState(StateOf(name));
        }
    }

    private IEnumerable<string> ProblemsOf(string name, TensorQuantizer quantizer)
    {
        Dictionary<string, Tensor> state = StateOf(name);
        foreach (string problem in quantizer.StateProblems(state))
        {
            yield return $"quantizer '{name}': {problem}";
        }

        if (quantizer.Amax is null && state.TryGetValue("_amax", out Tensor? amax) && RangeShape.Problem(quantizer, amax.shape, WeightOf(quantizer)) is { } wrong)
        {
            yield return $"quantizer '{name}': {wrong}";
        }
    }

    private QuantizedWeight? WeightOf(TensorQuantizer quantizer)
    {
        foreach (IQuantizedWeight module in _model.modules().Prepend(_model).OfType<IQuantizedWeight>())
        {
            foreach (QuantizedWeight weight in module.QuantizedWeights)
            {
                if (weight.Quantizer == quantizer)
                {
                    return weight;
                }
            }
        }

        return null;
    }

    private Dictionary<string, Tensor> StateOf(string name)
    {
        Dictionary<string, Tensor> state = [];
        foreach (string key in TensorQuantizer.LateState.Concat(TensorQuantizer.BoundsState))
        {
            if (_given.TryGetValue(QuantizersByName.Key(name, key), out Tensor? value))
            {
                state.Add(key, value);
            }
        }

        return state;
    }

    private bool IsLateState(string name)
        => TensorQuantizer.LateState.Any(key => _quantizers.Keys.Any(quantizer => QuantizersByName.Key(quantizer, key) == name));
}
