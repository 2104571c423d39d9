using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelZoo;

/// <summary>A segmentation network in two files: a path down that leaves its maps on a stack, and a path up that takes them.</summary>
[Quantize(Target = QuantTarget.OnnxRuntime)]
[Quantize(Name = "QuantUNetForTensorRT")]
public sealed partial class UNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<DoubleConv> down = [], up = [];
    private readonly ModuleList<ConvTranspose2d> grow = [];
    private readonly Conv2d head;
    private readonly MaxPool2d pool = nn.MaxPool2d(2);

    public UNet(int channels, params int[] widths) : base(nameof(UNet))
    {
        foreach (int width in widths)
        {
            down.Add(new(channels, width));
            channels = width;
        }

        foreach (int width in widths.Reverse().Skip(1))
        {
            grow.Add(nn.ConvTranspose2d(channels, width, kernel_size: 2, stride: 2));
            up.Add(new DoubleConv(2 * width, width));
            channels = width;
        }

        head = nn.Conv2d(channels, 1, 1);
        RegisterComponents();
        Initialize(this);
    }
}
