using static TorchSharp.torch;

namespace QuantGen.Tests.Numerics;

public sealed class ArgumentTests
{
    [Fact]
    public void A_negative_amax_is_named_with_its_value()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => FakeQuant.Apply(ones(3), tensor(-0.5f)));

        Assert.Equal("amax", error.ParamName);
        Assert.Contains("its smallest element is -0.5", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(-8)]
    public void An_impossible_number_of_bits_is_named(int bits)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => FakeQuant.Apply(ones(3), tensor(1f), bits));

        Assert.Contains("from 1 to 32", error.Message);
        Assert.Equal(bits, error.ActualValue);
    }

    [Fact]
    public void One_bit_holds_no_signed_range()
        => Assert.Contains("at least 2 bits", Assert.Throws<ArgumentOutOfRangeException>(() => FakeQuant.Apply(ones(3), tensor(1f), 1)).Message);

    [Fact]
    public void One_unsigned_bit_is_zero_or_amax()
        => Assert.Equal([0, 2, 2], FakeQuant.Apply(tensor([0.5f, 1.5f, 9f]), tensor(2f), 1, unsigned: true).data<float>().ToArray());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Negative_values_do_not_fit_an_unsigned_range(bool contiguous)
    {
        Tensor input = contiguous ? tensor([1f, -1e-30f]) : tensor([1f, 0, -1e-30f, 0]).reshape(2, 2).t()[0];

        ArgumentException error = Assert.Throws<ArgumentException>(() => FakeQuant.Apply(input, tensor(1f), unsigned: true));

        Assert.Equal("input", error.ParamName);
        Assert.Contains("signed range", error.Message);
    }

    [Fact]
    public void An_amax_that_does_not_broadcast_is_named_with_both_shapes()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => FakeQuant.Apply(ones(2, 3), ones(4)));

        Assert.Contains("[4]", error.Message);
        Assert.Contains("[2, 3]", error.Message);
    }

    [Fact]
    public void Integers_are_not_quantized()
        => Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => FakeQuant.Apply(ones(2, dtype: ScalarType.Int64), tensor(1f))).Message);

    [Fact]
    public void An_axis_that_the_tensor_does_not_have_is_named()
    {
        Assert.Contains("Axis 2 is out of range for a tensor of 2 dimensions", Assert.Throws<ArgumentException>(() => ReduceAmax.Apply(ones(2, 3), [2])).Message);
        using TensorQuantizer quantizer = new(new() { Axis = 3 });
        Assert.Contains("Axis 3", Assert.Throws<ArgumentException>(() => quantizer.call(ones(2, 3))).Message);
    }

    [Fact]
    public void The_shape_of_an_amax_does_not_change()
    {
        using TensorQuantizer quantizer = new(new() { Amax = new float[] { 1, 2 } });

        ArgumentException error = Assert.Throws<ArgumentException>(() => quantizer.Amax = ones(3));

        Assert.Contains("[2]", error.Message);
        Assert.Contains("[3]", error.Message);
    }

    [Fact]
    public void E4M3_has_no_integer_range()
    {
        Assert.Contains("Float8.ScaledE4M3", Assert.Throws<ArgumentException>(() => FakeQuant.Apply(ones(3), tensor(1f), NumBits.E4M3)).Message);
        using TensorQuantizer quantizer = new(new() { NumBits = NumBits.E4M3, Amax = 1f });
        Assert.Throws<InvalidOperationException>(() => quantizer.StepSize);
    }

    [Fact]
    public void A_learned_amax_is_one_number()
    {
        Assert.Contains("axis 0", Assert.Throws<ArgumentException>(() => new TensorQuantizer(new() { LearnAmax = true, Axis = 0 })).Message);
        Assert.Throws<ArgumentException>(() => new TensorQuantizer(new() { LearnAmax = true, Amax = new float[] { 1, 2 } }));
    }

    [Fact]
    public void Clipping_needs_learned_bounds()
    {
        Assert.Equal("clip", Assert.Throws<ArgumentException>(() => new TensorQuantizer(clip: true)).ParamName);
        using TensorQuantizer quantizer = new();
        Assert.Throws<InvalidOperationException>(quantizer.EnableClip);
        Assert.Throws<InvalidOperationException>(quantizer.InitLearnAmax);
    }
}
