using QuantGen.Analyzers;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests;

public sealed class SpecificationAnalyzerTests
{
    [Fact]
    public Task A_right_string_is_not_flagged()
        => Flags("""[Quantize(Input = "8bit unsigned, percentile=99.99", Weight = "4bit per-channel", Residual = "none")] class Net;""");

    [Fact]
    public Task A_misspelt_token_is_flagged_with_what_was_meant()
        => Flags("""[Quantize(Input = "[|8bits|]")] class Net;""", "'8bits' is not known; did you mean '8bit'?");

    [Fact]
    public Task Only_the_token_is_flagged_not_the_string()
        => Flags("""[Quantize(Weight = "4bit, [|perchannel|] max")] class Net;""", "'perchannel' is not known; did you mean 'per-channel'?");

    [Fact]
    public Task A_token_that_contradicts_an_earlier_one_is_flagged()
        => Flags("""[Quantize(Residual = "8bit [|4bit|]")] class Net;""", "'4bit' contradicts '8bit'");

    [Fact]
    public Task Each_wrong_token_is_flagged()
        => Flags("""[Quantize(Input = "[|int8|] per-tensor [|percentil=99|]", Weight = "[|fp16|]")] class Net;""");

    [Fact]
    public Task Each_attribute_and_each_profile_is_read()
        => Flags("""[Quantize(Input = "[|1bit|]"), Quantize(Name = "Q", Input = "[|17bit|]")] class Net { [Quantize(Input = "[|x|]")] int field; }""");

    [Fact]
    public Task A_profile_of_the_assembly_is_read_too()
        => Flags("""[assembly: QuantizeProfile("Int4", Weight = "[|4bits|]", Classes = "Zoo.*")]""", "'4bits' is not known; did you mean '4bit'?");

    [Fact]
    public Task The_place_is_found_after_escapes()
        => Flags("""[Quantize(Input = "8\u0062it\t\x20[|w\u0072ong|]")] class Net;""");

    [Fact]
    public Task The_place_is_found_in_a_verbatim_string()
        => Flags("""[Quantize(Input = @"8bit [|wr""ong|]")] class Net;""");

    [Fact]
    public Task The_place_is_found_in_a_raw_string()
        => Flags(""""[Quantize(Input = """8bit [|wrong|]""")] class Net;"""");

    [Fact]
    public Task The_place_is_found_in_a_raw_string_of_several_lines()
        => Flags(""""
            [Quantize(Input = """
                8bit

                  per-tensor [|wrong|]
                """)]
            class Net;
            """");

    [Fact]
    public Task A_constant_is_flagged_as_a_whole()
        => Flags("""[Quantize(Input = [|Bits|])] class Net { internal const string Bits = "8bit oops"; }""", "'oops' is not known; the known tokens are 2bit to 16bit, fp8, per-tensor, per-channel, axis=N, affine, symmetric, unsigned, narrow, max, entropy, mse, percentile=N, learned, none");

    [Fact]
    public Task A_concatenation_is_flagged_as_a_whole()
        => Flags("""[Quantize(Input = [|"8bit " + "narow"|])] class Net;""", "'narow' is not known; did you mean 'narrow'?");

    [Fact]
    public Task An_attribute_of_the_same_name_from_elsewhere_is_not_read()
        => Flags("""namespace Mine { class QuantizeAttribute : System.Attribute { public string? Input { get; set; } } [Quantize(Input = "anything")] class Net; }""");

    private const string NoZeroPoint = "'affine' has a zero-point, which TensorRT does not take; say Target = QuantTarget.OnnxRuntime, or leave it out";

    [Fact]
    public Task An_affine_range_for_TensorRT_is_flagged()
        => Flags("""[Quantize(Input = "8bit [|affine|]")] class Net;""", NoZeroPoint);

    [Fact]
    public Task An_affine_range_for_TensorRT_is_flagged_where_its_target_is_said()
        => Flags("""[assembly: QuantizeProfile("Q", Residual = "[|affine|]", Target = QuantTarget.TensorRT)]""", NoZeroPoint);

    [Fact]
    public Task An_affine_range_for_ONNX_Runtime_is_not_flagged()
        => Flags("""
            [assembly: QuantizeProfile("Q", Input = "affine", Target = QuantTarget.OnnxRuntime)]
            [Quantize(Target = QuantTarget.OnnxRuntime, Input = "8bit affine", Residual = "affine learned")] class Net;
            """);

    [Fact]
    public Task A_member_and_a_nested_class_have_the_target_of_their_model()
        => Flags("""
            [Quantize(Target = QuantTarget.OnnxRuntime), Quantize(Fields = "h*", Input = "affine")]
            class Net { [Quantize(Input = "4bit affine")] int field; [Quantize(Input = "affine")] class Block { [Quantize(Input = "affine")] int field; } }
            [Quantize] class Other { [Quantize(Input = "4bit [|affine|]")] int field; }
            """, NoZeroPoint);

    [Fact]
    public Task A_member_of_a_class_that_a_profile_quantizes_has_the_target_of_the_profile()
        => Flags("""
            [assembly: QuantizeProfile("Q", Classes = "*", Target = QuantTarget.OnnxRuntime)]
            class Net { [Quantize(Input = "4bit affine")] int field; }
            """);

    [Fact]
    public Task A_weight_has_no_affine_range()
        => Flags("""[Quantize(Target = QuantTarget.OnnxRuntime, Weight = "[|affine|]")] class Net;""", "'affine' is for activations: integer kernels take weights whose range is symmetric");

    private static Task Flags(string source, string? message = null) => Verify<SpecificationAnalyzer>.Flags(source, message);

    [Fact]
    public Task A_weight_calibrated_as_a_whole_must_say_that_it_has_one_range()
        => Flags("""[Quantize(Input = "8bit mse", Weight = "8bit [|mse|]")] class Net;""", "'mse' finds one range for the tensor, and a weight has one for each channel; add 'per-tensor'");
}
