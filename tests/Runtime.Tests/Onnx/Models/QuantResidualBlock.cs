using QuantGen.Modules;
using QuantGen.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx.Models;

/// <summary>A residual block as the generator writes it, with a quantizer on both operands of the addition.</summary>
internal sealed class QuantResidualBlock : Module<Tensor, Tensor>, ITraceable
{
    private readonly QuantConv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly QuantConv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;
    private readonly TensorQuantizer residual_quantizer;
    private readonly TensorQuantizer addend_quantizer;

    public QuantResidualBlock(long inChannels, long outChannels, QuantDescriptor input, QuantDescriptor weight, long stride = 1)
        : base(nameof(QuantResidualBlock))
    {
        residual_quantizer = new(input);
        addend_quantizer = new(input);
        conv1 = new QuantConv2d(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false, input: input, weight: weight);
        bn1 = BatchNorm2d(outChannels);
        conv2 = new QuantConv2d(outChannels, outChannels, 3, padding: 1, bias: false, input: input, weight: weight);
        bn2 = BatchNorm2d(outChannels);
        if (stride != 1 || inChannels != outChannels)
        {
            downsample = Sequential(
                ("0", new QuantConv2d(inChannels, outChannels, 1, stride: stride, bias: false, input: input, weight: weight)),
                ("1", BatchNorm2d(outChannels)));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var identity = downsample is null ? x : downsample.call(x);
        var y = functional.relu(bn1.call(conv1.call(x)));
        y = bn2.call(conv2.call(y));
        y = functional.relu(addend_quantizer.call(y) + residual_quantizer.call(identity));
        return y.MoveToOuterDisposeScope();
    }

    public TracedTensor TraceForward(TracedTensor x)
    {
        using var scope = NewDisposeScope();
        var identity = downsample is null ? x : downsample.call(x);
        var y = TracedOps.relu(bn1.call(conv1.call(x)));
        y = bn2.call(conv2.call(y));
        y = TracedOps.relu(addend_quantizer.call(y) + residual_quantizer.call(identity));
        return y.MoveToOuterDisposeScope();
    }
}
