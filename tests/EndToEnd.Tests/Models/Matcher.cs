using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace ModelZoo;

/// <summary>Two images in, one score out; a tower shared by both, a transposed convolution and instance norm.</summary>
[Quantize(Input = "8bit mse", Weight = "6bit")]
public class Matcher : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Tower tower;
    [FullPrecision] private readonly Bilinear score;
    private readonly Linear head = nn.Linear(4, 1);

    [ComponentName(Name = "bias_free")]
    private readonly nn.Module<Tensor, Tensor> skip;

    public Matcher(int width = 6) : base("matcher")
    {
        tower = new(width);
        score = nn.Bilinear(width, width, 4);
        skip = nn.Linear(width, 1, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tower.call(left), tower.call(right));
        return (head.call(score.call(a, b)) + skip.call(a - b)).MoveToOuterDisposeScope();
    }

    private class Tower : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d down;
        private readonly ConvTranspose2d up;
        private readonly InstanceNorm2d norm;
        private readonly AvgPool2d pool = nn.AvgPool2d(2);

        public Tower(int width) : base("tower")
        {
            down = nn.Conv2d(1, width, 3, stride: 2, padding: 1);
            up = nn.ConvTranspose2d(width, width, 2, stride: 2);
            norm = nn.InstanceNorm2d(width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => pool.call(norm.call(up.call(down.call(x).relu()))).mean(new long[] { 2, 3 });
    }
}
