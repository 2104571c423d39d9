using QuantGen.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx.Models;

/// <summary>A model whose forward is given twice, over tensors and over traced tensors, with modules of its own.</summary>
internal sealed class TracedFunction : Module<Tensor, Tensor>, ITraceable
{
    private readonly Func<Tensor, Tensor> _forward;
    private readonly Func<TracedTensor, TracedTensor> _traced;

    public TracedFunction(Func<Tensor, Tensor> forward, Func<TracedTensor, TracedTensor> traced, params (string Name, Module Module)[] modules)
        : base(nameof(TracedFunction))
    {
        (_forward, _traced) = (forward, traced);
        foreach ((string name, Module module) in modules)
        {
            register_module(name, module);
        }
    }

    /// <summary>A model that calls modules one after the other.</summary>
    public static TracedFunction Of(params Module<Tensor, Tensor>[] modules)
        => new(
            x => modules.Aggregate(x, (value, module) => module.call(value)),
            x => modules.Aggregate(x, (value, module) => module.call(value)),
            [.. modules.Select((module, index) => ($"layer{index}", (Module)module))]);

    public override Tensor forward(Tensor input) => _forward(input);

    public TracedTensor TraceForward(TracedTensor input) => _traced(input);
}
