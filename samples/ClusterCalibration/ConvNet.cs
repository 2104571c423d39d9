using QuantGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ClusterCalibration;

/// <summary>The model to calibrate: [N, 3, 32, 32] in, [N, 10] out.</summary>
[Quantize(Input = "8bit", Weight = "per-channel")]
internal sealed class ConvNet : Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly Linear classifier;

    public ConvNet()
        : base(nameof(ConvNet))
    {
        features = Sequential(
            Conv2d(3, 16, 3, padding: 1), ReLU(), MaxPool2d(2),
            Conv2d(16, 32, 3, padding: 1), ReLU(), AdaptiveAvgPool2d(1), Flatten());
        classifier = Linear(32, 10);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return classifier.call(features.call(x)).MoveToOuterDisposeScope();
    }
}
