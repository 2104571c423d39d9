using Image = TorchSharp.torch.Tensor;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace ModelZoo;

using TorchSharp;
using static TorchSharp.torch.nn;

public sealed partial class UNet
{
    public override Image forward(Image x)
    {
        Stack<Image> skips = new();
        for (int level = 0; level < down.Count; level++)
        {
            x = down[level].call(level == 0 ? x : pool.call(x));
            skips.Push(x);
        }

        skips.Pop();
        for (int level = 0; level < up.Count; level++)
        {
            x = up[level].call(torch.cat([grow[level].call(x), skips.Pop()], dim: 1));
        }

        return head.call(x);
    }

    private static partial void Initialize(Module net);

    private sealed class DoubleConv : Layer
    {
        private readonly Layer net;

        public DoubleConv(long channels, long width) : base($"{channels}-{width}")
        {
            net = Sequential(Half(channels, width).Concat(Half(width, width)));
            RegisterComponents();
        }

        public override Image forward(Image x) => net.call(x);

        private static IEnumerable<Layer> Half(long from, long to)
        {
            yield return Conv2d(from, to, 3L, padding: Padding.Same, bias: false);
            yield return BatchNorm2d(to);
            yield return ReLU(inplace: true);
        }
    }
}

public partial class UNet
{
    private static partial void Initialize(Module net)
    {
        foreach (Module module in net.modules())
        {
            if (module is TorchSharp.Modules.Conv2d { weight: { } weight })
            {
                init.kaiming_normal_(weight);
            }
        }
    }
}
