using QuantGen.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Calibrating;

/// <summary>Two quantized layers and a quantizer that is never called.</summary>
internal sealed class SmallNet : Module<Tensor, Tensor>
{
    private readonly QuantConv2d conv;
    private readonly QuantLinear fc;
    private readonly TensorQuantizer unused = new();

    public SmallNet(QuantDescriptor? input = null)
        : base(nameof(SmallNet))
    {
        random.manual_seed(5);
        conv = new(1, 4, 3, padding: 1, input: input);
        fc = new(64, 3, input: input ?? new() { DetectUnsigned = true });
        RegisterComponents();
    }

    public static Tensor[] Batches(int count = 4)
    {
        random.manual_seed(6);
        return [.. Enumerable.Range(0, count).Select(_ => randn(5, 1, 4, 4))];
    }

    public IEnumerable<TensorQuantizer> Quantizers => this.modules().OfType<TensorQuantizer>();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return fc.call(functional.relu(conv.call(x)).flatten(1)).MoveToOuterDisposeScope();
    }
}
