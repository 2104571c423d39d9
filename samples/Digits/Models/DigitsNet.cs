using QuantGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits.Models;

/// <summary>A small residual network for 8x8 grey images of handwritten digits: [N, 1, 8, 8] in, [N, 10] logits out.</summary>
[Quantize(Input = "8bit symmetric", Weight = "per-channel", Target = QuantTarget.OnnxRuntime)] // Exported for TensorRT, too.
[Quantize(Input = "4bit", Weight = "4bit per-channel", Name = "QuantDigitsNetInt4")]
public sealed class DigitsNet : Module<Tensor, Tensor>
{
    private readonly Conv2d stem;
    private readonly BatchNorm2d norm;
    private readonly ResidualBlock layer1;
    private readonly ResidualBlock layer2;
    private readonly AdaptiveAvgPool2d pool;
    private readonly Linear classifier;

    public DigitsNet(long width = 16) : base(nameof(DigitsNet))
    {
        stem = Conv2d(1, width, 3, padding: 1, bias: false);
        norm = BatchNorm2d(width);
        layer1 = new ResidualBlock(width, width);
        layer2 = new ResidualBlock(width, 2 * width, stride: 2);
        pool = AdaptiveAvgPool2d(1);
        classifier = Linear(2 * width, 10);
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
}
