using QuantGen.Modules;
using QuantGen.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx.Models;

/// <summary>A small residual network for [N, 1, 8, 8] as the generator writes it.</summary>
internal sealed class QuantDigitsNet : Module<Tensor, Tensor>, ITraceable
{
    private readonly QuantConv2d stem;
    private readonly BatchNorm2d norm;
    private readonly QuantResidualBlock layer1;
    private readonly QuantResidualBlock layer2;
    private readonly QuantAdaptiveAvgPool2d pool;
    private readonly QuantLinear classifier;

    public QuantDigitsNet(QuantDescriptor? input = null, QuantDescriptor? weight = null, long width = 16)
        : base(nameof(QuantDigitsNet))
    {
        input ??= new() { NumBits = 8, DetectUnsigned = true };
        weight ??= new() { NumBits = 8, Axis = 0 };
        stem = new QuantConv2d(1, width, 3, padding: 1, bias: false, input: input, weight: weight);
        norm = BatchNorm2d(width);
        layer1 = new QuantResidualBlock(width, width, input, weight);
        layer2 = new QuantResidualBlock(width, 2 * width, input, weight, stride: 2);
        pool = new QuantAdaptiveAvgPool2d(1, input: input);
        classifier = new QuantLinear(2 * width, 10, input: input, weight: weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = functional.relu(norm.call(stem.call(x)));
        x = layer2.call(layer1.call(x));
        x = pool.call(x).flatten(1);
        return classifier.call(x).MoveToOuterDisposeScope();
    }

    public TracedTensor TraceForward(TracedTensor x)
    {
        using var scope = NewDisposeScope();
        x = TracedOps.relu(norm.call(stem.call(x)));
        x = layer2.call(layer1.call(x));
        x = pool.call(x).flatten(1);
        return classifier.call(x).MoveToOuterDisposeScope();
    }
}
