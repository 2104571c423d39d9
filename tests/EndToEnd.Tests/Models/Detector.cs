using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelZoo;

/// <summary>A detector with two scales: activations as modules, as functions and in place; boxes in pixels beside probabilities.</summary>
[Quantize(Target = QuantTarget.OnnxRuntime)]
public sealed class Detector : nn.Module<Tensor, Tensor>
{
    /// <summary>Convolution, norm and SiLU, as every YOLO has it.</summary>
    [Quantize(Target = QuantTarget.OnnxRuntime)]
    public sealed class Conv : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d bn;
        private readonly SiLU act = nn.SiLU(inplace: true);

        public Conv(int from, int to, int kernel = 1, int stride = 1) : base(nameof(Conv))
        {
            conv = nn.Conv2d(from, to, kernel, stride, kernel / 2, bias: false);
            bn = nn.BatchNorm2d(to);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => act.call(bn.call(conv.call(x)));
    }

    private const int Classes = 5;
    private readonly Conv stem = new(3, 8, 3, 2), deeper = new(8, 16, 3, 2), reduce = new(16, 8), mix = new(16, 8), fuse = new(32, 16);
    private readonly MaxPool2d pool = nn.MaxPool2d(5, 1, 2);
    private readonly Upsample upsample = nn.Upsample(scale_factor: [2, 2]);
    private readonly GroupNorm norm = nn.GroupNorm(2, 8);
    private readonly Conv2d small, large, gate;

    public Detector() : base(nameof(Detector))
    {
        small = nn.Conv2d(8, 4 + Classes, 1);
        large = nn.Conv2d(16, 4 + Classes, 1);
        gate = nn.Conv2d(8, 8, 3, padding: 1);

        // TorchSharp 0.107 leaves what memory holds in them.
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var p3 = stem.call(x);
        var p4 = Pyramid(deeper.call(p3));
        var up = upsample.call(reduce.call(p4));
        var features = mix.call(cat([up, p3], 1));
        var gated = norm.call(gate.call(features)) * F.hardsigmoid(features);
        features = F.leaky_relu(features, 0.1, inplace: true);
        features = features + gated;
        return cat([Decode(small.call(features), 4), Decode(large.call(p4), 8)], 2).MoveToOuterDisposeScope();

        Tensor Decode(Tensor map, double stride)
        {
            var flat = map.flatten(2);
            return cat([flat[.., ..4] * stride, flat[.., 4..].sigmoid()], 1);
        }
    }

    private Tensor Pyramid(Tensor x)
    {
        var wide = pool.call(x);
        return F.hardswish(fuse.call(cat([x, wide], 1)));
    }
}
