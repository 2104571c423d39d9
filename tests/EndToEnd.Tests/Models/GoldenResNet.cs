using QuantGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>The network of <c>golden/e2e_resnet.json</c>, as a float model.</summary>
[Quantize]
public sealed class GoldenResNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Block layer1;
    private readonly Block layer2;
    private readonly Linear fc;

    public GoldenResNet(long c0, long c1, long classes)
        : base(nameof(GoldenResNet))
    {
        conv1 = Conv2d(3, c0, 3, padding: 1, bias: false);
        bn1 = BatchNorm2d(c0);
        layer1 = new Block(c0, c0, 1);
        layer2 = new Block(c0, c1, 2);
        fc = Linear(c1, classes);
        RegisterComponents();
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
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? downsample;

        public Block(long channels, long planes, long stride)
            : base(nameof(Block))
        {
            conv1 = Conv2d(channels, planes, 3, stride, 1, bias: false);
            bn1 = BatchNorm2d(planes);
            conv2 = Conv2d(planes, planes, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(planes);
            downsample = stride == 1 ? null : Sequential(Conv2d(channels, planes, 1, stride, bias: false), BatchNorm2d(planes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            Tensor identity = downsample is null ? x : downsample.call(x);
            Tensor y = functional.relu(bn1.call(conv1.call(x)));
            y = bn2.call(conv2.call(y)) + identity;
            return functional.relu(y).MoveToOuterDisposeScope();
        }
    }
}
