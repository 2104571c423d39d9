using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class TransposedConvolutionTests
{
    [Fact]
    public void Each_dimension_has_its_own_output_padding()
    {
        using QuantConvTranspose2d module = new(1, 1, (3, 3), (2, 2), output_padding: (1, 0));
        using Tensor input = ones(1, 1, 4, 4), output = module.call(input);
        Assert.Equal([1, 1, 10, 9], output.shape);
    }

    [Fact]
    public void An_output_size_chooses_among_those_that_a_stride_leaves_open_with_dilation_in_the_count()
    {
        using QuantConvTranspose2d module = new(1, 1, 3, stride: 2, dilation: 2);
        using Tensor input = ones(1, 1, 3, 3), smallest = module.forward(input, [9, 9]), largest = module.forward(input, [1, 1, 10, 9]);
        Assert.Equal([1, 1, 9, 9], smallest.shape);
        Assert.Equal([1, 1, 10, 9], largest.shape);

        ArgumentException error = Assert.Throws<ArgumentException>(() => module.forward(input, [9, 11]));
        Assert.StartsWith("output_size is [9, 11], but for this input it can be from [9, 9] to [10, 10].", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => module.forward(input, [9]));
    }

    [Fact]
    public void An_output_size_replaces_the_modules_own_output_padding()
    {
        using QuantConvTranspose1d module = new(1, 1, 3, stride: 3, output_padding: 2);
        using Tensor input = ones(1, 4), own = module.call(input), chosen = module.forward(input, [12]);
        Assert.Equal([1, 14], own.shape);
        Assert.Equal([1, 12], chosen.shape);
    }

    [Fact]
    public void Arguments_that_no_convolution_can_have_are_errors()
    {
        Assert.Throws<ArgumentException>(() => new QuantConvTranspose2d(1, 1, 3, padding_mode: PaddingModes.Reflect));
        Assert.Throws<ArgumentException>(() => new QuantConvTranspose2d(1, 1, 3, stride: 2, output_padding: 2));
        Assert.Throws<ArgumentException>(() => new QuantConvTranspose2d(3, 4, 3, groups: 2));
        Assert.Throws<ArgumentException>(() => new QuantConv2d(4, 3, 3, groups: 2));
        Assert.Throws<ArgumentException>(() => new QuantConv1d(1, 1, 3, Padding.Same, stride: 2));
        Assert.Throws<ArgumentException>(() => new QuantLinear(2, 2, weight: new() { FakeQuant = false }));
    }
}
