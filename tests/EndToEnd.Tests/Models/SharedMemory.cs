using QuantGen;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>Changes in place what another module was given: the convolutions behind read the changed values.</summary>
[Quantize]
public sealed class SharedMemory : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> first = Conv2d(3, 4, 1), second = Conv2d(4, 4, 1), third = Conv2d(4, 4, 1);
    private readonly Module<Tensor, Tensor> fourth = Conv2d(4, 4, 1), last = Conv2d(4, 4, 1);
    private readonly Module<Tensor, Tensor> identity = Identity(), dropout = Dropout(0.1);

    public SharedMemory()
        : base(nameof(SharedMemory))
        => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var y = first.call(x);
        var z = identity.call(y);
        z.relu_();
        y = second.call(y);
        dropout.call(y).relu_();
        y = third.call(y);
        var contiguous = y.contiguous();
        contiguous.relu_();
        y = fourth.call(y);
        y.flatten(1).relu_();
        return last.call(y);
    }
}
