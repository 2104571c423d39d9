using QuantGen.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using PackedSequence = TorchSharp.torch.nn.utils.rnn.PackedSequence;

namespace QuantGen.Tests.Modules;

/// <summary>A net with every type of quantized module, from [N, 2, 8] to [N, 4].</summary>
internal sealed class EveryModuleNet : Module<Tensor, Tensor>
{
    private readonly Sequential line = Sequential(
        new QuantConv1d(2, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect), new QuantInstanceNorm1d(2, affine: true, track_running_stats: true),
        new QuantConvTranspose1d(2, 2, 2, 2), new QuantMaxPool1d(2), new QuantAvgPool1d(3, 1, 1), new QuantAdaptiveAvgPool1d(4));
    private readonly Sequential plane = Sequential(
        new QuantConv2d(1, 2, 3, Padding.Same), new QuantInstanceNorm2d(2), new QuantConvTranspose2d(2, 2, 2, 2), new QuantMaxPool2d(2),
        new QuantAvgPool2d(1), new QuantAdaptiveAvgPool2d((2, 4)));
    private readonly Sequential space = Sequential(
        new QuantConv3d(1, 2, (1, 3, 3), padding: (0, 1, 1)), new QuantInstanceNorm3d(2, affine: true), new QuantConvTranspose3d(2, 2, 2, 2),
        new QuantMaxPool3d(2), new QuantAvgPool3d(1), new QuantAdaptiveAvgPool3d((1, 2, 4)));
    private readonly QuantLSTM lstm = new(4, 3, numLayers: 2, batchFirst: true, dropout: 0.1, bidirectional: true);
    private readonly QuantLSTMCell cell = new(6, 4, input: new() { LearnAmax = true, Amax = 1f });
    private readonly QuantLinear head = new(4, 4);
    private readonly TensorQuantizer residual = new();

    public EveryModuleNet()
        : base(nameof(EveryModuleNet))
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = line.call(x);
        x = x + residual.call(plane.call(x.unsqueeze(1)).select(1, 0));
        x = space.call(x.unsqueeze(1).unsqueeze(1)).select(1, 0).select(1, 0);
        var (y, _, _) = lstm.call(x);
        var (h, _) = cell.call(y.select(1, 1));
        return head.call(h).MoveToOuterDisposeScope();
    }

    public (PackedSequence, Tensor, Tensor) Packed(PackedSequence packed) => lstm.call(packed);
}
