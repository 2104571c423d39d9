using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Branches in a list and branches written out, concatenated.</summary>
[Quantize(Target = QuantTarget.OnnxRuntime)]
public sealed class InceptionNet : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> branches = ModuleList<Module<Tensor, Tensor>>();
    private readonly Module<Tensor, Tensor> wide, narrow, classifier;

    public InceptionNet(int classes) : base(nameof(InceptionNet))
    {
        foreach (int kernel in (int[])[1, 3, 5])
        {
            branches.Add(Sequential(Conv2d(3, 4, kernel, padding: kernel / 2), ReLU()));
        }

        wide = Sequential(Conv2d(12, 8, 3, padding: 1), ReLU(), Conv2d(8, 8, 3, padding: 1));
        narrow = Conv2d(12, 4, 1);
        classifier = Linear(12, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        List<Tensor> maps = [];
        foreach (var branch in branches)
        {
            maps.Add(branch.call(x));
        }

        x = cat(maps, 1);
        x = cat(new[] { wide.call(x), narrow.call(x) }, 1).relu();
        return classifier.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
