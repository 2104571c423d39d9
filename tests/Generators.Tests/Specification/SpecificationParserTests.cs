using QuantGen.Specification;

namespace QuantGen.Tests.Specification;

public sealed class SpecificationParserTests
{
    [Fact]
    public void An_empty_string_says_nothing()
    {
        Assert.Equal(new TensorSpecification(), Read(""));
        Assert.Equal(new TensorSpecification(), Read(" , \t"));
    }

    [Theory]
    [InlineData("2bit", 2)]
    [InlineData("4bit", 4)]
    [InlineData("8bit", 8)]
    [InlineData("16bit", 16)]
    public void Bits_go_from_2_to_16(string text, int bits) => Assert.Equal(new TensorSpecification { Bits = bits }, Read(text));

    [Fact]
    public void Tokens_come_in_any_order_between_spaces_or_commas()
    {
        TensorSpecification expected = new() { Bits = 4, Granularity = Granularity.PerTensor, Narrow = true, Calibrator = Calibrator.Mse };
        Assert.Equal(expected, Read("4bit per-tensor narrow mse"));
        Assert.Equal(expected, Read("mse,narrow,  per-tensor , 4bit"));
    }

    [Fact]
    public void Every_token_is_read()
    {
        Assert.Equal(new() { Float8 = true, Granularity = Granularity.PerTensor }, Read("fp8 per-tensor"));
        Assert.Equal(new() { Granularity = Granularity.Axis, Axis = 3, Unsigned = true }, Read("axis=3 unsigned"));
        Assert.Equal(new() { Calibrator = Calibrator.Percentile, Percentile = 99.99 }, Read("percentile=99.99"));
        Assert.Equal(new() { Calibrator = Calibrator.Max }, Read("max"));
        Assert.Equal(new() { Calibrator = Calibrator.Entropy }, Read("entropy"));
        Assert.Equal(new() { None = true }, Read("none"));
        Assert.Equal(new() { Bits = 8, Affine = true }, Read("8bit affine"));
        Assert.Equal(new() { Affine = false, Narrow = true }, Read("symmetric narrow"));
    }

    [Fact]
    public void A_weight_has_no_affine_range()
    {
        Assert.Equal(
            new SpecificationError(5, 6, "'affine' is for activations: integer kernels take weights whose range is symmetric"),
            Assert.Single(SpecificationParser.Parse("8bit affine", isPerChannelByDefault: true).Errors));
        Assert.Empty(SpecificationParser.Parse("8bit symmetric", isPerChannelByDefault: true).Errors);
    }

    [Theory]
    [InlineData("8bits", "did you mean '8bit'?")]
    [InlineData("8BIT", "did you mean '8bit'?")]
    [InlineData("per_tensor", "did you mean 'per-tensor'?")]
    [InlineData("perchanel", "did you mean 'per-channel'?")]
    [InlineData("unsinged", "did you mean 'unsigned'?")]
    [InlineData("entrpy", "did you mean 'entropy'?")]
    [InlineData("percentle=99", "did you mean 'percentile=99.99'?")]
    [InlineData("axes=1", "did you mean 'axis=0'?")]
    [InlineData("int8", "did you mean '8bit'?")]
    [InlineData("uint8", "did you mean '8bit unsigned'?")]
    [InlineData("e4m3", "did you mean 'fp8'?")]
    [InlineData("asymmetric", "did you mean 'affine'?")]
    [InlineData("afine", "did you mean 'affine'?")]
    [InlineData("symetric", "did you mean 'symmetric'?")]
    [InlineData("somethingelsealtogether", "the known tokens are 2bit to 16bit, fp8,")]
    public void An_unknown_token_is_answered_with_the_closest_known_one(string token, string suggestion)
    {
        SpecificationError error = Assert.Single(SpecificationParser.Parse("narrow " + token, isPerChannelByDefault: false).Errors);
        Assert.Equal((7, token.Length), (error.Start, error.Length));
        Assert.StartsWith($"'{token}' is not known; {suggestion}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1bit", "'1bit' is out of range: 2bit to 16bit")]
    [InlineData("32bit", "'32bit' is out of range: 2bit to 16bit")]
    [InlineData("axis=", "'axis=' needs a whole number that is not negative, such as 'axis=0'")]
    [InlineData("axis=-1", "'axis=-1' needs a whole number that is not negative, such as 'axis=0'")]
    [InlineData("percentile=0", "'percentile=0' needs a number above 0 and up to 100, such as 'percentile=99.99'")]
    [InlineData("percentile=100.1", "'percentile=100.1' needs a number above 0 and up to 100, such as 'percentile=99.99'")]
    [InlineData("percentile=NaN", "'percentile=NaN' needs a number above 0 and up to 100, such as 'percentile=99.99'")]
    public void A_number_out_of_range_is_answered_with_the_range(string token, string message)
        => Assert.Equal(new SpecificationError(0, token.Length, message), Assert.Single(SpecificationParser.Parse(token, isPerChannelByDefault: false).Errors));

    [Theory]
    [InlineData("8bit 4bit", "'4bit' contradicts '8bit'")]
    [InlineData("8bit fp8", "'fp8' contradicts '8bit'")]
    [InlineData("affine symmetric", "'symmetric' contradicts 'affine'")]
    [InlineData("affine fp8", "'fp8' contradicts 'affine'")]
    [InlineData("affine narrow", "'narrow' contradicts 'affine'")]
    [InlineData("unsigned affine", "'affine' contradicts 'unsigned'")]
    [InlineData("affine per-channel", "'per-channel' contradicts 'affine'")]
    [InlineData("axis=1 affine", "'affine' contradicts 'axis=1'")]
    [InlineData("per-tensor per-channel", "'per-channel' contradicts 'per-tensor'")]
    [InlineData("per-channel axis=0", "'axis=0' contradicts 'per-channel'")]
    [InlineData("per-channel mse", "'mse' contradicts 'per-channel'")]
    [InlineData("learned axis=1", "'axis=1' contradicts 'learned'")]
    [InlineData("max percentile=99", "'percentile=99' contradicts 'max'")]
    [InlineData("none 8bit", "'8bit' contradicts 'none'")]
    [InlineData("8bit none", "'none' contradicts '8bit'")]
    [InlineData("fp8 unsigned", "'unsigned' contradicts 'fp8'")]
    [InlineData("per-channel fp8", "'fp8' contradicts 'per-channel'")]
    [InlineData("narrow narrow", "'narrow' is said twice")]
    public void A_contradiction_is_at_the_later_token(string text, string message)
        => Assert.Equal(
            new SpecificationError(text.LastIndexOf(' ') + 1, text.Length - text.LastIndexOf(' ') - 1, message),
            Assert.Single(SpecificationParser.Parse(text, isPerChannelByDefault: false).Errors));

    [Fact]
    public void The_other_tokens_count_where_one_is_wrong()
        => Assert.Equal(new TensorSpecification { Bits = 4, Narrow = true }, SpecificationParser.Parse("4bit wrong narrow", isPerChannelByDefault: false).Specification);

    private static TensorSpecification Read(string text)
    {
        (TensorSpecification specification, var errors) = SpecificationParser.Parse(text, isPerChannelByDefault: false);
        Assert.Empty(errors);
        return specification;
    }

    [Theory]
    [InlineData("8bit mse", "'mse' finds one range for the tensor, and a weight has one for each channel; add 'per-tensor'")]
    [InlineData("learned", "'learned' finds one range for the tensor, and a weight has one for each channel; add 'per-tensor'")]
    public void A_weight_has_a_range_for_each_channel_unless_it_says_otherwise(string text, string message)
    {
        Assert.Equal(message, Assert.Single(SpecificationParser.Parse(text, isPerChannelByDefault: true).Errors).Message);
        Assert.Empty(SpecificationParser.Parse(text + " per-tensor", isPerChannelByDefault: true).Errors);
        Assert.Empty(SpecificationParser.Parse(text, isPerChannelByDefault: false).Errors);
    }
}
