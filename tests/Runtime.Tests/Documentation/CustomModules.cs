using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Documentation;

// The code of docs/custom-modules.md, which a test compares with this file.

/// <summary>Power-average pooling with quantized input: (Σ xᵖ)^(1/p) over windows.</summary>
public sealed class QuantLPPool2d : QuantInputModule
{
    private readonly double _norm;
    private readonly long _kernelSize;

    public QuantLPPool2d(double norm_type, long kernel_size, QuantDescriptor? input = null)
        : base(nameof(QuantLPPool2d), input)
    {
        (_norm, _kernelSize) = (norm_type, kernel_size);
    }

    public override Tensor forward(Tensor input)
    {
        using var quantized = InputQuantizer.call(input);
        return functional.lp_pool2d(quantized, _norm, _kernelSize);
    }
}

/// <summary>A linear layer, some of whose connections are cut, with quantized input and weight.</summary>
public sealed class QuantMaskedLinear : QuantInputWeightModule
{
    private readonly Tensor mask;

    public QuantMaskedLinear(Tensor mask, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : base(nameof(QuantMaskedLinear), NewWeight(mask), Parameter(zeros(mask.shape[0])), input, weight)
    {
        this.mask = mask.clone().DetachFromDisposeScope();
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var quantized = InputQuantizer.call(input);
        return functional.linear(quantized, QuantizedWeight() * mask, bias).MoveToOuterDisposeScope();
    }

    private static Parameter NewWeight(Tensor mask)
    {
        var weight = empty_like(mask);
        init.xavier_uniform_(weight);
        return Parameter(weight);
    }
}

/// <summary>Attention of one head, whose two products take quantized tensors.</summary>
public sealed class QuantAttention : Module<Tensor, Tensor>
{
    private readonly QuantLinear projection;
    private readonly TensorQuantizer query_quantizer = new();
    private readonly TensorQuantizer key_quantizer = new();
    private readonly TensorQuantizer score_quantizer = new(new QuantDescriptor { Unsigned = true, Amax = 1f });
    private readonly TensorQuantizer value_quantizer = new();

    public QuantAttention(long size)
        : base(nameof(QuantAttention))
    {
        projection = new QuantLinear(size, 3 * size);
        RegisterComponents();
    }

    public TensorQuantizer Scores => score_quantizer;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var parts = projection.call(x).chunk(3, -1);
        var (query, key, value) = (query_quantizer.call(parts[0]), key_quantizer.call(parts[1]), value_quantizer.call(parts[2]));
        var scores = functional.softmax(matmul(query, key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]), -1);
        return matmul(score_quantizer.call(scores), value).MoveToOuterDisposeScope();
    }
}

public sealed class CustomModulesTests
{
    [Fact]
    public void The_pages_code_is_this_files_code()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documentation", "custom-modules.md"));
        string[] code = Lines(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "documentation", "CustomModules.cs")));
        string[] blocks = [.. page.Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0])];

        Assert.Equal(4, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(string.Join('\n', Lines(block)), string.Join('\n', code), StringComparison.Ordinal));
    }

    [Fact]
    public void A_module_with_a_quantized_input_pools_quantized_values()
    {
        using var scope = NewDisposeScope();
        using QuantLPPool2d pool = new(2, 2, input: new() { NumBits = 3, Amax = 3f });
        Assert.Equal(4, pool.call(tensor(new[] { 2.2f, 1.8f, 2.1f, 1.9f }).reshape(1, 1, 2, 2)).item<float>(), 1e-5f);
    }

    [Fact]
    public void A_module_with_a_quantized_weight_trains_the_weight_behind_it()
    {
        using var scope = NewDisposeScope();
        using QuantMaskedLinear layer = new(tensor(new[] { 1f, 0, 1, 1 }).reshape(2, 2));
        Assert.Equal(["weight", "bias", "mask"], layer.state_dict().Keys);
        layer.call(ones(3, 2)).sum().backward();
        Assert.Equal([3f, 0, 3, 3], layer.weight.grad!.data<float>());
    }

    [Fact]
    public void A_module_with_quantizers_of_its_own_is_calibrated_as_any_other()
    {
        using var scope = NewDisposeScope();
        Tensor[] batches = [randn(2, 5, 8), randn(2, 5, 8)];
        using QuantAttention model = new(8);

        Calibration.Run(model, batches, CalibrationMethod.Max);

        // One of them can stay in floating point:
        model.Scores.IsEnabled = false;

        Assert.Equal([2, 5, 8], model.call(batches[0]).shape);
        Assert.Contains("query_quantizer._amax", model.state_dict().Keys);
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim())];
}
