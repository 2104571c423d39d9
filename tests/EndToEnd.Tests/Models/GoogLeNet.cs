using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace ModelZoo;

/// <summary>Branches that are concatenated, and an auxiliary classifier whose logits come out while training.</summary>
[Quantize]
[Quantize(Name = "QuantGoogLeNetUnsigned", Target = QuantTarget.OnnxRuntime)]
public class GoogLeNet : Module<Tensor, (Tensor logits, Tensor? aux)>
{
    private readonly BasicConv2d conv1 = new(3, 8, kernel_size: 3, padding: 1);
    private readonly MaxPool2d maxpool1 = MaxPool2d(3, stride: 2, ceil_mode: true);
    private readonly Inception inception3a = new("3a", 8, 4, (4, 6), (2, 4), 4);
    private readonly Inception inception3b = new("3b", 18, 4, (4, 8), (2, 4), 4);
    private readonly InceptionAux? aux1;
    private readonly Dropout dropout = Dropout(0.2);
    private readonly Linear fc;

    public GoogLeNet(int numClasses = 10, bool auxLogits = true) : base(nameof(GoogLeNet))
    {
        aux1 = auxLogits ? new InceptionAux(18, numClasses) : null;
        fc = Linear(20, numClasses);
        RegisterComponents();
    }

    public override (Tensor logits, Tensor? aux) forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = maxpool1.call(conv1.call(x));
        x = inception3a.call(x);
        Tensor? aux = null;
        if (aux1 is not null && training)
        {
            aux = aux1.call(x);
        }

        x = inception3b.call(x);
        x = F.adaptive_avg_pool2d(x, (1, 1)).flatten(1);
        return (fc.call(dropout.call(x)).MoveToOuterDisposeScope(), aux?.MoveToOuterDisposeScope());
    }

    private sealed class Inception : Module<Tensor, Tensor>
    {
        private readonly BasicConv2d branch1;
        private readonly Sequential branch2, branch3, branch4;

        public Inception(string name, int in_channels, int ch1x1, (int red, int ch3x3) b2, (int red, int ch5x5) b3, int pool_proj) : base(name)
        {
            branch1 = new BasicConv2d(in_channels, ch1x1, kernel_size: 1);
            branch2 = Sequential(new BasicConv2d(in_channels, b2.red, kernel_size: 1), new BasicConv2d(b2.red, b2.ch3x3, kernel_size: 3, padding: 1));
            branch3 = Sequential(new BasicConv2d(in_channels, b3.red, kernel_size: 1), new BasicConv2d(b3.red, b3.ch5x5, kernel_size: 3, padding: 1));
            branch4 = Sequential(MaxPool2d(kernel_size: 3, stride: 1, padding: 1, ceil_mode: true), new BasicConv2d(in_channels, pool_proj, kernel_size: 1));
            RegisterComponents();
        }

        private List<Tensor> Branches(Tensor x)
        {
            var branch1 = this.branch1.call(x);
            var branch2 = this.branch2.call(x);
            var branch3 = this.branch3.call(x);
            var branch4 = this.branch4.call(x);
            return new List<Tensor> { branch1, branch2, branch3, branch4 };
        }

        public override Tensor forward(Tensor x)
        {
            var outputs = Branches(x);
            return torch.cat(outputs, 1);
        }
    }

    private sealed class InceptionAux : Module<Tensor, Tensor>
    {
        private readonly BasicConv2d conv;
        private readonly Module<Tensor, Tensor> fc1, fc2;

        public InceptionAux(int in_channels, int num_classes) : base(nameof(InceptionAux))
        {
            conv = new BasicConv2d(in_channels, 8, kernel_size: 1);
            fc1 = Linear(8 * 2 * 2, 16);
            fc2 = Linear(16, num_classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = F.adaptive_avg_pool2d(x, (2, 2));
            x = torch.flatten(conv.call(x), 1);
            x = F.relu(fc1.call(x), inplace: true);
            x = F.dropout(x, 0.7, training);
            return fc2.call(x);
        }
    }

    private sealed class BasicConv2d : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;

        public BasicConv2d(int in_channels, int out_channels, int kernel_size, int stride = 1, int padding = 0) : base(nameof(BasicConv2d))
        {
            conv = Conv2d(in_channels, out_channels, kernel_size, stride: stride, padding: padding, bias: false);
            bn = BatchNorm2d(out_channels, eps: 0.001);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => F.relu(bn.call(conv.call(x)), inplace: true);
    }
}
