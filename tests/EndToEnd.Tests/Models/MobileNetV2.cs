using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Activation = System.Func<bool, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>>;
using NormLayer = System.Func<int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>>;

namespace ModelZoo;

/// <summary>Inverted residuals that return their sum; norms and activations come from delegates.</summary>
[Quantize]
public class MobileNetV2 : nn.Module<Tensor, Tensor>
{
    private class ConvNormActivation : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential layers;

        public ConvNormActivation(int inChannels, int outChannels, int kernelSize = 3, int stride = 1, int groups = 1, NormLayer? norm_layer = null, Activation? activation_layer = null)
            : base(nameof(ConvNormActivation))
        {
            var parts = new List<nn.Module<Tensor, Tensor>>
            {
                nn.Conv2d(inChannels, outChannels, kernelSize, stride, (kernelSize - 1) / 2, groups: groups, bias: norm_layer is null),
            };
            if (norm_layer is not null)
            {
                parts.Add(norm_layer(outChannels));
            }

            if (activation_layer is not null)
            {
                parts.Add(activation_layer(true));
            }

            layers = nn.Sequential(parts);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => layers.call(x);
    }

    private class InvertedResidual : nn.Module<Tensor, Tensor>
    {
        private readonly bool _useResConnect;
        private readonly nn.Module<Tensor, Tensor> conv;

        public InvertedResidual(string name, int inp, int oup, int stride, double expandRatio, NormLayer norm_layer) : base(name)
        {
            var hiddenDim = (int)Math.Round(inp * expandRatio);
            _useResConnect = stride == 1 && inp == oup;
            var layers = new List<nn.Module<Tensor, Tensor>>();
            if (expandRatio != 1)
            {
                layers.Add(new ConvNormActivation(inp, hiddenDim, kernelSize: 1, norm_layer: norm_layer, activation_layer: inplace => nn.ReLU6(inplace)));
            }

            layers.AddRange([
                new ConvNormActivation(hiddenDim, hiddenDim, stride: stride, groups: hiddenDim, norm_layer: norm_layer, activation_layer: inplace => nn.ReLU6(inplace)),
                nn.Conv2d(hiddenDim, oup, 1, 1, 0, bias: false),
                norm_layer(oup),
            ]);
            conv = nn.Sequential(layers.ToArray());
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            if (_useResConnect)
            {
                return x + conv.call(x);
            }
            else
            {
                return conv.call(x);
            }
        }
    }

    private readonly Sequential features;
    private readonly Sequential classifier;

    public MobileNetV2(int numClasses = 10, double widthMult = 1.0, int[][]? settings = null, NormLayer? norm_layer = null) : base(nameof(MobileNetV2))
    {
        norm_layer ??= features => nn.BatchNorm2d(features);
        settings ??= [[1, 8, 1, 1], [4, 12, 2, 2], [4, 16, 2, 1]];
        var inputChannel = MakeDivisible(8 * widthMult, 4);
        features = nn.Sequential();
        features.append("0", new ConvNormActivation(3, inputChannel, stride: 2, norm_layer: norm_layer, activation_layer: inplace => nn.ReLU6(inplace)));
        var index = 1;
        foreach (var s in settings)
        {
            var (t, c, n, stride) = (s[0], MakeDivisible(s[1] * widthMult, 4), s[2], s[3]);
            for (var i = 0; i < n; i++)
            {
                features.append($"{index++}", new InvertedResidual("inverted", inputChannel, c, i == 0 ? stride : 1, t, norm_layer));
                inputChannel = c;
            }
        }

        classifier = nn.Sequential(("0", nn.Dropout(p: 0.2)), ("1", nn.Linear(inputChannel, numClasses)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var _ = NewDisposeScope();
        x = features.call(x);
        x = nn.functional.adaptive_avg_pool2d(x, (1, 1));
        x = torch.flatten(x, 1);
        return classifier.call(x).MoveToOuterDisposeScope();
    }

    private static int MakeDivisible(double v, int divisor) => Math.Max(divisor, (int)(v + (divisor / 2.0)) / divisor * divisor);
}
