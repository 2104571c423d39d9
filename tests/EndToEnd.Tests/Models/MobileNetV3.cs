using QuantGen;
using static TorchSharp.torch;

namespace ModelZoo.V3;

using Modules = TorchSharp.Modules;

/// <summary>What one inverted residual looks like.</summary>
public record BlockSettings(int Input, int Kernel, int Expanded, int Output, bool UseSqueeze, string Activation, int Stride);

/// <summary>Gates channels by what it sees in them.</summary>
[Quantize]
[Quantize(Name = "QuantSqueezeExcitationUnsigned", Target = QuantTarget.OnnxRuntime)]
public class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    private readonly Modules.AdaptiveAvgPool2d avgpool = nn.AdaptiveAvgPool2d(1);
    private readonly Modules.Conv2d fc1;
    private readonly Modules.Conv2d fc2;
    private readonly nn.Module<Tensor, Tensor> activation, scale_activation;

    public SqueezeExcitation(string name, long input_channels, long squeeze_channels, Func<nn.Module<Tensor, Tensor>> activation, Func<nn.Module<Tensor, Tensor>> scale_activation)
        : base(name)
    {
        fc1 = nn.Conv2d(input_channels, squeeze_channels, 1);
        fc2 = nn.Conv2d(squeeze_channels, input_channels, 1);
        this.activation = activation();
        this.scale_activation = scale_activation();
        RegisterComponents();
    }

    private Tensor Scale(Tensor input)
    {
        var scale = avgpool.call(input);
        scale = fc1.call(scale);
        scale = activation.call(scale);
        scale = fc2.call(scale);
        return scale_activation.call(scale);
    }

    public override Tensor forward(Tensor input)
    {
        using var scale = Scale(input);
        return scale * input;
    }
}

/// <summary>Blocks of other annotated classes, made from records and switch expressions.</summary>
[Quantize]
[Quantize(Name = "QuantInvertedResidualUnsigned", Target = QuantTarget.OnnxRuntime)]
public class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly bool use_res_connect;
    private readonly nn.Module<Tensor, Tensor> block;

    public InvertedResidual(BlockSettings cnf) : base(nameof(InvertedResidual))
    {
        use_res_connect = cnf.Stride == 1 && cnf.Input == cnf.Output;
        nn.Module<Tensor, Tensor> Activation() => cnf.Activation switch
        {
            "RE" => nn.ReLU(inplace: true),
            "HS" => nn.Hardswish(inplace: true),
            _ => throw new ArgumentException(cnf.Activation),
        };
        var layers = nn.Sequential();
        void Conv(string name, int from, int to, int kernel, int stride, int groups, bool activate)
        {
            layers.append(name, nn.Conv2d(from, to, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false));
            layers.append(name + "_bn", nn.BatchNorm2d(to, eps: 0.001, momentum: 0.01));
            if (activate)
            {
                layers.append(name + "_act", Activation());
            }
        }

        if (cnf.Expanded != cnf.Input)
        {
            Conv("expand", cnf.Input, cnf.Expanded, 1, 1, 1, activate: true);
        }

        Conv("depthwise", cnf.Expanded, cnf.Expanded, cnf.Kernel, cnf.Stride, cnf.Expanded, activate: true);
        if (cnf.UseSqueeze)
        {
            layers.append("se", new SqueezeExcitation("se", cnf.Expanded, cnf.Expanded / 4, () => nn.ReLU(), () => nn.Hardsigmoid()));
        }

        Conv("project", cnf.Expanded, cnf.Output, 1, 1, 1, activate: false);
        block = layers;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var result = block.call(input);
        if (use_res_connect)
            result += input;
        return result;
    }
}

/// <summary>The whole network, its blocks in a list of modules.</summary>
[Quantize]
[Quantize(Name = "QuantMobileNetV3Unsigned", Target = QuantTarget.OnnxRuntime)]
public class MobileNetV3 : nn.Module<Tensor, Tensor>
{
    private readonly Modules.Sequential stem;
    private readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> blocks = nn.ModuleList<nn.Module<Tensor, Tensor>>();
    private readonly nn.Module<Tensor, Tensor> avgpool = nn.AdaptiveAvgPool2d(1L);
    private readonly Modules.Sequential classifier;

    public MobileNetV3(IReadOnlyList<BlockSettings> settings, int num_classes = 10) : base("MobileNetV3")
    {
        stem = nn.Sequential(nn.Conv2d(3, settings[0].Input, 3, 2, 1, bias: false), nn.BatchNorm2d(settings[0].Input), nn.Hardswish());
        foreach (var cnf in settings)
        {
            blocks.Add(new InvertedResidual(cnf));
        }

        classifier = nn.Sequential(nn.Linear(settings[^1].Output, 24), nn.Hardswish(inplace: true), nn.Dropout(0.2, inplace: true), nn.Linear(24, num_classes));
        RegisterComponents();
    }

    /// <summary>A network small enough for a test.</summary>
    public static MobileNetV3 Small() => new(
    [
        new(8, 3, 16, 8, UseSqueeze: true, "RE", 1),
        new(8, 5, 24, 12, UseSqueeze: false, "HS", 2),
        new(12, 3, 12, 12, true, "HS", 1),
    ]);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = stem.call(x);
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return classifier.call(avgpool.call(x).flatten(1)).MoveToOuterDisposeScope();
    }
}
