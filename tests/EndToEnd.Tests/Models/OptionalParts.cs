using QuantGen;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelZoo;

/// <summary>A residual addition only where the numbers of channels agree.</summary>
[Quantize(Target = QuantTarget.OnnxRuntime, Input = "symmetric")]
public sealed class OptionalShortcut : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv;
    private readonly bool shortcut;

    public OptionalShortcut(long inChannels, long outChannels)
        : base(nameof(OptionalShortcut))
    {
        conv = Conv2d(inChannels, outChannels, 3, padding: 1);
        shortcut = inChannels == outChannels;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => shortcut ? x + conv.call(x) : conv.call(x);
}

/// <summary>A second classifier that only training uses.</summary>
[Quantize]
public sealed class AuxiliaryHead : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> fc = Linear(8, 4);
    private readonly Module<Tensor, Tensor> aux = Linear(8, 4);

    public AuxiliaryHead()
        : base(nameof(AuxiliaryHead))
        => RegisterComponents();

    public override Tensor forward(Tensor x) => training ? fc.call(x) + aux.call(x) : fc.call(x);
}
