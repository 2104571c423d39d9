using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>A list of named layers, filled in a loop over a table; initialisation by the modules' types.</summary>
[Quantize]
public class Vgg : Module<Tensor, Tensor>
{
    private static readonly Dictionary<string, long[]> s_channels = new()
    {
        ["tiny"] = [4, 0, 8, 0, 8, 8, 0],
        ["small"] = [4, 4, 0, 8, 8, 0, 16, 16, 0],
    };

    private readonly Module<Tensor, Tensor> layers;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    public Vgg(string name, int numClasses = 10, bool batchNorm = true) : base(name)
    {
        var modules = new List<(string, Module<Tensor, Tensor>)>();
        long in_channels = 3;
        for (var i = 0; i < s_channels[name].Length; i++)
        {
            if (s_channels[name][i] == 0)
            {
                modules.Add(($"MaxPool2d-{i}a", MaxPool2d(kernel_size: 2, stride: 2)));
            }
            else
            {
                modules.Add(($"conv2d-{i}a", Conv2d(in_channels, s_channels[name][i], kernel_size: 3, padding: 1)));
                if (batchNorm)
                {
                    modules.Add(($"bnrm2d-{i}a", BatchNorm2d(s_channels[name][i])));
                }

                modules.Add(($"relu-{i}b", ReLU(inplace: true)));
                in_channels = s_channels[name][i];
            }
        }

        layers = Sequential(modules);
        avgpool = AdaptiveAvgPool2d(new long[] { 1, 1 });
        classifier = Sequential(Linear(in_channels, 32), ReLU(true), Dropout(p: 0.5), Linear(32, numClasses));
        RegisterComponents();
        InitializeWeights();
    }

    private void InitializeWeights()
    {
        foreach (var (_, m) in named_modules())
        {
            if (m is TorchSharp.Modules.Conv2d conv)
            {
                init.kaiming_normal_(conv.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
                if (conv.bias is not null)
                {
                    init.constant_(conv.bias, 0);
                }
            }
            else if (m is BatchNorm2d norm)
            {
                init.constant_(norm.weight!, 1);
                init.constant_(norm.bias!, 0);
            }
            else if (m is Linear linear)
            {
                init.normal_(linear.weight, 0, 0.01);
                init.constant_(linear.bias!, 0);
            }
        }
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = layers.call(x);
        x = avgpool.call(x);
        x = torch.flatten(x, 1);
        return classifier.call(x).MoveToOuterDisposeScope();
    }
}
