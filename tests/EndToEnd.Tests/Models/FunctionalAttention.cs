using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace ModelZoo;

/// <summary>Attention over patches of an image, with layers as modules and as functions over parameters.</summary>
[Quantize(Functional = true)]
[Quantize(Functional = true, Name = "QuantFunctionalAttentionUnsigned", Target = QuantTarget.OnnxRuntime)]
public sealed class FunctionalAttention : Module<Tensor, Tensor>
{
    private readonly Parameter patches, projection, bias, classes;
    private readonly Linear query, key, value;
    private readonly int heads;

    public FunctionalAttention(int width, int heads, int classes) : base(nameof(FunctionalAttention))
    {
        this.heads = heads;
        patches = Parameter(randn(width, 3, 4, 4) * 0.1);
        projection = Parameter(randn(width, width) * 0.3);
        bias = Parameter(randn(width) * 0.1);
        this.classes = Parameter(randn(width, classes) * 0.3);
        (query, key, value) = (Linear(width, width), Linear(width, width), Linear(width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor x = conv2d(avg_pool2d(images, 2), patches, strides: [4, 4]).flatten(2).transpose(1, 2);
        for (int layer = 0; layer < 2; layer++)
        {
            x = x + linear(bias: bias, weights: projection, input: Attend(x));
        }

        return x.mean([1]).relu().matmul(classes).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x)
    {
        Tensor Split(Tensor y) => y.view(x.shape[0], -1, heads, x.shape[2] / heads).transpose(1, 2);
        Tensor scores = matmul(Split(query.call(x)), Split(key.call(x)).transpose(-2, -1)) * (1.0 / Math.Sqrt(x.shape[2] / heads));
        return softmax(scores, dim: -1).matmul(target: Split(value.call(x))).transpose(1, 2).reshape(x.shape[0], -1, x.shape[2]);
    }
}
