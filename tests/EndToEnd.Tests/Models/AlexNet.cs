using QuantGen;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Two sequentials with named parts, and braces where their author felt like it.</summary>
[Quantize(Input = "8bit entropy", Weight = "8bit per-channel")]
public class AlexNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> features;
    private readonly Module<Tensor, Tensor> avgPool;
    private readonly Module<Tensor, Tensor> classifier;

    public AlexNet(string name, int numClasses, torch.Device? device = null) : base(name)
    {
        features = Sequential(
            ("c1", Conv2d(3, 16, kernel_size: 3, stride: 2, padding: 1)),
            ("r1", ReLU(inplace: true)),
            ("mp1", MaxPool2d(kernel_size: [2, 2])),
            ("c2", Conv2d(16, 24, kernel_size: 3, padding: 1)),
            ("r2", ReLU(inplace: true)),
            ("mp2", MaxPool2d(kernel_size: [2, 2])),
            ("c3", Conv2d(24, 32, kernel_size: 3, padding: 1)),
            ("r3", ReLU(inplace: true)));

        avgPool = AdaptiveAvgPool2d([2, 2]);

        classifier = Sequential(
            ("d1", Dropout()),
            ("l1", Linear(32 * 2 * 2, 32)),
            ("r1", ReLU(inplace: true)),
            ("d2", Dropout()),
            ("l2", Linear(32, numClasses)));

        RegisterComponents();
        if (device is not null)
            this.to(device);
    }

    public override Tensor forward(Tensor input)
    {
        var f = features.call(input);
        var avg = avgPool.call(f);

        using (var x = avg.view(new long[] { avg.shape[0], 32 * 2 * 2 }))
            return classifier.call(x);
    }
}
