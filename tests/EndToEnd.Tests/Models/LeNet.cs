using QuantGen;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Layers as field initialisers under their abstract type.</summary>
[Quantize]
public class LeNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv1 = Conv2d(1, 6, 5, padding: 2);
    private readonly Module<Tensor, Tensor> conv2 = Conv2d(6, 16, 5);
    private readonly Module<Tensor, Tensor> fc1 = Linear(16 * 2 * 2, 24);
    private readonly Module<Tensor, Tensor> fc2 = Linear(24, 10);
    private readonly Module<Tensor, Tensor> pool1 = AvgPool2d(kernel_size: [2, 2]);
    private readonly Module<Tensor, Tensor> pool2 = MaxPool2d(kernel_size: [2, 2]);
    private readonly Module<Tensor, Tensor> relu1 = ReLU(), relu2 = ReLU(inplace: true);
    private readonly Module<Tensor, Tensor> dropout = Dropout(0.25);
    private readonly Module<Tensor, Tensor> flatten = Flatten();

    public LeNet(string name = "LeNet", Device? device = null)
        : base(name)
    {
        RegisterComponents();

        if (device is not null && device.type != DeviceType.CPU)
        {
            this.to(device);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var l11 = conv1.forward(input);
        using var l12 = relu1.forward(l11);
        using var l13 = pool1.forward(l12);

        using var l21 = conv2.forward(l13);
        using var l22 = relu2.forward(l21);
        using var l23 = pool2.forward(l22);
        using var l24 = dropout.forward(l23);

        using var x = flatten.forward(l24);
        using var l31 = functional.tanh(fc1.forward(x));
        using var l41 = fc2.forward(l31);

        return functional.log_softmax(l41, 1);
    }
}
