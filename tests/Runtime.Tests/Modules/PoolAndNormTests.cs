using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class PoolAndNormTests
{
    [Fact]
    public void Indices_of_maxima_are_those_of_the_quantized_input()
    {
        using var scope = NewDisposeScope();
        using QuantMaxPool2d pool = new(2, input: new() { NumBits = 2, Amax = 1f });

        // Both 0.9 and 1.0 are quantized to 1; the first of equals is the maximum.
        (Tensor values, Tensor indices) = pool.forward_with_indices(tensor(new[] { 0.1f, 0.9f, 1f, 0.2f }).reshape(1, 1, 2, 2));
        Assert.Equal(1, values.item<float>());
        Assert.Equal(1, indices.item<long>());
    }

    [Fact]
    public void Instance_norm_keeps_running_statistics_and_uses_them_for_evaluation()
    {
        using var scope = NewDisposeScope();
        using QuantInstanceNorm1d norm = new(1, momentum: 1, track_running_stats: true);
        norm.call(tensor(new[] { 1f, 3f }).reshape(1, 1, 2));
        Assert.Equal(2, norm.running_mean!.item<float>(), 0.02f);
        Assert.Equal(2, norm.running_var!.item<float>(), 0.05f);

        norm.eval();
        Assert.Equal(0, norm.call(tensor(new[] { 2f, 2f }).reshape(1, 1, 2)).abs().sum().item<float>(), 0.05f);
    }

    [Fact]
    public void Instance_norm_says_which_shape_it_expects()
    {
        using var scope = NewDisposeScope();
        using QuantInstanceNorm2d norm = new(3);
        ArgumentException error = Assert.Throws<ArgumentException>(() => norm.call(ones(2, 4, 5, 5)));
        Assert.StartsWith(
            "QuantInstanceNorm2d expects 3 channels and 2 spatial dimensions, with or without a batch before them; got shape [2, 4, 5, 5].",
            error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => norm.call(ones(3, 5)));
    }

    [Fact]
    public void A_linear_layer_takes_over_given_parameters()
    {
        using var scope = NewDisposeScope();
        using QuantLinear layer = new(nn.Parameter(ones(3, 2)), nn.Parameter(ones(3)), weightQuantization: new() { NumBits = 4 });
        Assert.Equal((2, 3, 4), (layer.in_features, layer.out_features, layer.WeightQuantizer.NumBits.Bits));
        Assert.Equal(9, layer.call(ones(1, 2)).sum().item<float>());
        Assert.Throws<ArgumentException>(() => new QuantLinear(nn.Parameter(ones(3))));
        Assert.Throws<ArgumentException>(() => new QuantLinear(nn.Parameter(ones(3, 2)), nn.Parameter(ones(2))));
    }

    [Fact]
    public void Gradients_of_a_quantized_convolution_agree_with_differences_of_its_loss()
    {
        using var scope = NewDisposeScope();

        // Fine steps and ranges that nothing exceeds: where the loss is close to linear, so are its differences.
        QuantDescriptor fine = new() { NumBits = 24, Amax = 4f };
        using QuantConv1d module = new(2, 2, 3, padding: 1, padding_mode: PaddingModes.Circular, input: fine, weight: fine, dtype: float64);
        module.to(float64);
        Tensor input = rand([1, 2, 5], dtype: float64), direction = rand([2, 2, 3], dtype: float64);
        Loss().backward();
        double expected = (module.weight.grad! * direction).sum().item<double>();
        using (no_grad())
        {
            const double Step = 0.01;
            module.weight.add_(direction * Step);
            double above = Loss().item<double>();
            module.weight.sub_(direction * (2 * Step));
            double below = Loss().item<double>();
            Assert.Equal(expected, (above - below) / (2 * Step), 1e-3);
        }

        Tensor Loss() => module.call(input).square().sum();
    }
}
