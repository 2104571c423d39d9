using static TorchSharp.torch.nn;

namespace QuantGen.Calibrating;

/// <summary>Puts a model into evaluation, and each of its modules back into the mode that it had.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(Module Module, bool Training)> _modes;

    public EvaluationMode(Module model)
    {
        _modes = [(model, model.training), .. model.modules().Select(module => (module, module.training))];
        model.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A parent's mode reaches its children, so that they come after it.
        foreach ((Module module, bool training) in _modes)
        {
            module.train(training);
        }
    }
}
