using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Golden;

/// <summary>The residual network that <c>e2e_resnet.json</c> describes.</summary>
internal sealed class GoldenResNet : Module<Tensor, Tensor>
{
    private readonly QuantConv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Block layer1;
    private readonly Block layer2;
    private readonly QuantLinear fc;

    public GoldenResNet(long c0, long c1, long classes)
        : base(nameof(GoldenResNet))
    {
        conv1 = new QuantConv2d(3, c0, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(c0);
        layer1 = new Block(c0, c0, 1);
        layer2 = new Block(c0, c1, 2);
        fc = new QuantLinear(c1, classes);
        RegisterComponents();
        eval();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = functional.relu(bn1.call(conv1.call(x)));
        x = layer2.call(layer1.call(x)).mean([2, 3]);
        return fc.call(x).MoveToOuterDisposeScope();
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly QuantConv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly QuantConv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? downsample;
        private readonly TensorQuantizer residual_quantizer = new();

        public Block(long channels, long planes, long stride)
            : base(nameof(Block))
        {
            conv1 = new QuantConv2d(channels, planes, 3, stride, 1, bias: false);
            bn1 = BatchNorm2d(planes);
            conv2 = new QuantConv2d(planes, planes, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(planes);
            downsample = stride == 1 ? null : Sequential(new QuantConv2d(channels, planes, 1, stride, bias: false), BatchNorm2d(planes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor identity = downsample is null ? x : downsample.call(x);
            Tensor y = functional.relu(bn1.call(conv1.call(x)));
            y = bn2.call(conv2.call(y)) + residual_quantizer.call(identity);
            return functional.relu(y).MoveToOuterDisposeScope();
        }
    }
}
