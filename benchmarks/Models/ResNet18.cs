using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Benchmarks.Models;

/// <summary>A network of ResNet-18's shape, with its quantizers as the generator places them for TensorRT.</summary>
public sealed class ResNet18 : Module<Tensor, Tensor>
{
    private readonly QuantConv2d conv1 = new(3, 64, 7, 2, 3, bias: false);
    private readonly BatchNorm2d bn1 = BatchNorm2d(64);
    private readonly MaxPool2d maxpool = MaxPool2d(3, 2, 1);
    private readonly Sequential layers;
    private readonly QuantAdaptiveAvgPool2d avgpool = new(1);
    private readonly QuantLinear fc = new(512, 1000);

    public ResNet18()
        : base(nameof(ResNet18))
    {
        layers = Sequential(
            new BasicBlock(64, 64, 1), new BasicBlock(64, 64, 1), new BasicBlock(64, 128, 2), new BasicBlock(128, 128, 1),
            new BasicBlock(128, 256, 2), new BasicBlock(256, 256, 1), new BasicBlock(256, 512, 2), new BasicBlock(512, 512, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = maxpool.call(functional.relu(bn1.call(conv1.call(x))));
        x = avgpool.call(layers.call(x)).flatten(1);
        return fc.call(x).MoveToOuterDisposeScope();
    }

    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly QuantConv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;
        private readonly TensorQuantizer residual_quantizer = new();

        public BasicBlock(long channels, long planes, long stride)
            : base(nameof(BasicBlock))
        {
            conv1 = new(channels, planes, 3, stride, 1, bias: false);
            bn1 = BatchNorm2d(planes);
            conv2 = new(planes, planes, 3, 1, 1, bias: false);
            bn2 = BatchNorm2d(planes);
            downsample = stride == 1 ? null : Sequential(new QuantConv2d(channels, planes, 1, stride, bias: false), BatchNorm2d(planes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor identity = downsample is null ? x.alias() : downsample.call(x.alias());
            Tensor y = functional.relu(bn1.call(conv1.call(x)));
            y = bn2.call(conv2.call(y)) + residual_quantizer.call(identity);
            return functional.relu(y).MoveToOuterDisposeScope();
        }
    }
}
