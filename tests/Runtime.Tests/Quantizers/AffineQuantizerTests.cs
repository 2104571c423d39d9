using QuantGen.Modules;
using QuantGen.Quantizers.State;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

/// <summary>Quantizers with a range of two ends.</summary>
public sealed class AffineQuantizerTests
{
    private static QuantDescriptor Affine => new() { Affine = true };

    [Fact]
    public void A_calibrated_range_has_two_ends_in_the_state()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine);
        CalibrationReport report = Calibration.Run(quantizer, [tensor([-0.5f, 0.25f, 2f])], CalibrationMethod.Max);

        Assert.Equal(["_amax", "_amin", "_format"], quantizer.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal((-0.5f, 2f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        Assert.Equal((-0.5f, 2f), (report.Quantizers[0].Amin, report.Quantizers[0].Amax));
        Assert.Contains(": range -0.5 to 2, clips", report.ToString(), StringComparison.Ordinal);
        Assert.Equal("affine 8bit fake per-tensor amin=-0.5000 amax=2.0000 calibrator=MaxCalibrator scale=1.0 quant", quantizer.ToString());
        Assert.Equal(2.5f / 255, quantizer.StepSize!.item<float>());
        Assert.Equal(255, quantizer.MaxBound);
        Assert.Equal([2L, 8, 0, 0, 0, 1], quantizer.state_dict()["_format"].data<long>().ToArray());

        // -0.5 is 51 steps of 2.5 / 255; 2 is 204.
        Assert.Equal([-51 * (2.5f / 255), 204 * (2.5f / 255)], quantizer.call(tensor([-0.7f, 2.1f])).data<float>().ToArray());
    }

    [Fact]
    public void A_symmetric_quantizer_has_the_keys_that_it_had()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new();
        Calibration.Run(quantizer, [tensor([-0.5f, 2f])], CalibrationMethod.Max);

        Assert.Equal(["_amax", "_format"], quantizer.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal([1L, 8, 0, 0, 0], quantizer.state_dict()["_format"].data<long>().ToArray());
        Assert.Null(quantizer.Amin);
        Assert.Throws<InvalidOperationException>(() => quantizer.SetRange(-1, 1));
    }

    [Fact]
    public void Without_a_range_each_input_has_its_own()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine with { NumBits = 2 });

        Assert.Equal([-1f, 0f, 2f], quantizer.call(tensor([-1f, 0.4f, 2f])).data<float>().ToArray());
        Assert.Equal([0f, 1f, 3f], quantizer.call(tensor([0.1f, 1.2f, 3f])).data<float>().ToArray());
        Assert.Empty(quantizer.call(empty(0)).data<float>().ToArray());
        Assert.Null(quantizer.StepSize);
    }

    [Fact]
    public void Both_ends_take_the_factor_of_the_descriptor()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine with { NumBits = 2, ScaleAmax = 0.5 }), dynamic = new(Affine with { NumBits = 2, ScaleAmax = 0.5 });
        quantizer.SetRange(-2, 4);

        Assert.Equal([-1f, 0f, 2f], quantizer.call(tensor([-2f, 0.4f, 4f])).data<float>().ToArray());
        Assert.Equal([-1f, 0f, 2f], dynamic.call(tensor([-2f, 0.4f, 4f])).data<float>().ToArray());
    }

    [Fact]
    public void A_fixed_range_comes_from_the_descriptor_and_a_set_one_is_widened()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine with { Amin = -0.375f, Amax = 6f });
        Assert.Equal((-0.375f, 6f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));

        quantizer.SetRange(0.5f, 3);

        Assert.Equal((0f, 3f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        Assert.Throws<ArgumentException>(() => quantizer.SetRange(1, -1));
        Assert.Throws<ArgumentException>(() => quantizer.SetRange(float.NaN, 1));
        Assert.Throws<ArgumentException>(() => quantizer.SetRange(-1, float.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => quantizer.SetRange(float.MinValue, float.MaxValue));
        Assert.Throws<InvalidOperationException>(() => quantizer.Amax = tensor(1f));
        Assert.Equal((0f, 3f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        quantizer.ResetAmax();
        Assert.Empty(quantizer.state_dict());
    }

    [Fact]
    public void What_contradicts_an_affine_range_is_refused()
    {
        Refuses(Affine with { NumBits = NumBits.E4M3 }, "E4M3");
        Refuses(Affine with { NumBits = 17 }, "up to 16 bits");
        Refuses(Affine with { Unsigned = true }, "Unsigned");
        Refuses(Affine with { DetectUnsigned = true }, "DetectUnsigned");
        Refuses(Affine with { NarrowRange = true }, "NarrowRange");
        Refuses(Affine with { Axis = 1 }, "axis is 1");
        Refuses(Affine with { FakeQuant = false }, "zero-point");
        Refuses(Affine with { LearnAmax = true, ScaleAmax = 0.9 }, "ScaleAmax");
        Refuses(Affine with { Amax = 1f }, "both Amin and Amax");
        Refuses(Affine with { Amin = 1f, Amax = 2f }, "not above zero");
        Refuses(new() { Amin = -1f }, "does not say Affine");
        using TensorQuantizer quantizer = new(Affine);
        Assert.Throws<ArgumentException>(() => quantizer.Unsigned = true);
        Assert.Throws<ArgumentException>(() => quantizer.NarrowRange = true);
        Assert.Throws<ArgumentException>(() => quantizer.NumBits = NumBits.E4M3);

        static void Refuses(QuantDescriptor descriptor, string reason)
            => Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new TensorQuantizer(descriptor)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_keeps_its_two_ends_in_YAML()
    {
        QuantDescriptor descriptor = Affine with { Amin = -0.5f, Amax = 2f, Name = "x" };

        Assert.Equal(descriptor, QuantDescriptor.FromYaml(descriptor.ToYaml()));
        Assert.NotEqual(descriptor, descriptor with { Amin = -0.25f });
        Assert.Equal("x: (affine 8bit fake axis= per-tensor amin=-0.5 amax=2.0 full_range)", descriptor.ToString());
        Assert.Equal("affine: true\namax: 2.0\namin: -0.5\nname: x\nnum_bits: 8\n", descriptor.ToYaml());
    }

    [Fact]
    public void A_state_brings_both_ends_and_one_that_does_not_fit_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer from = new(Affine), to = new(Affine), symmetric = new(), fresh = new(Affine);
        from.SetRange(-0.5f, 2);
        to.load_state_dict(from.state_dict());
        Assert.Equal((-0.5f, 2f), (to.Amin!.item<float>(), to.Amax!.item<float>()));

        Problem(symmetric, State(("_amin", -0.5f), ("_amax", 2)), "'_amin' is the lower end of an affine range");
        Problem(fresh, State(("_amax", 2)), "'_amax' is that of a symmetric range");
        Problem(fresh, State(("_amin", -2)), "'_amin' comes without '_amax'");
        Problem(fresh, State(("_amin", float.NaN), ("_amax", 2)), "are finite");
        Problem(fresh, State(("_amin", 0.5f), ("_amax", 2)), "zero lies between them");
        Problem(fresh, State(("_amin", -1), ("_amax", float.PositiveInfinity)), "'_amax'");
        Problem(fresh, new() { ["_amin"] = zeros(2), ["_amax"] = ones(2) }, "two numbers");
        using TensorQuantizer calibrated = new(Affine), calibratedSymmetric = new();
        Calibration.Run(calibrated, [tensor([-0.5f, 2f])]);
        Calibration.Run(calibratedSymmetric, [tensor([-0.5f, 2f])]);
        Problem(fresh, calibratedSymmetric.state_dict(), "it was calibrated for 8 bits, and this quantizer has 8 bits in an affine range");
        Problem(symmetric, calibrated.state_dict(), "it was calibrated for 8 bits in an affine range, and this quantizer has 8 bits");
        Assert.Null(fresh.Amax);

        static Dictionary<string, Tensor> State(params (string Name, float Value)[] entries) => entries.ToDictionary(entry => entry.Name, entry => tensor(entry.Value));

        static void Problem(TensorQuantizer quantizer, Dictionary<string, Tensor> state, string problem)
            => Assert.Contains(problem, Assert.Throws<ArgumentException>(() => quantizer.load_state_dict(state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_a_layer_brings_both_ends_and_names_the_quantizer_that_it_does_not_fit()
    {
        using var scope = NewDisposeScope();
        using QuantLinear from = new(4, 2, input: Affine), to = new(4, 2, input: Affine), symmetric = new(4, 2);
        Calibration.Run(from, [tensor([-0.5f, 0, 1, 2]).reshape(1, 4)], CalibrationMethod.Max);
        to.load_state_dict(from.state_dict());
        Tensor input = randn(8, 4);

        Assert.Equal((-0.5f, 2f), (to.InputQuantizer.Amin!.item<float>(), to.InputQuantizer.Amax!.item<float>()));
        Assert.Equal(from.call(input).data<float>().ToArray(), to.call(input).data<float>().ToArray());
        foreach (bool strict in new[] { true, false })
        {
            string problem = Assert.Throws<ArgumentException>(() => symmetric.load_state_dict(from.state_dict(), strict)).Message;
            Assert.Contains("quantizer '_input_quantizer': '_amin' is the lower end of an affine range", problem, StringComparison.Ordinal);
        }

        Assert.Null(symmetric.InputQuantizer.Amax);
    }

    [Fact]
    public void A_model_brings_both_ends_to_another_one_learned_or_not()
    {
        using var scope = NewDisposeScope();
        QuantDescriptor learned = Affine with { LearnAmax = true, LearnStep = true };
        using QuantLinear from = new(4, 2, input: Affine), to = new(4, 2, input: Affine), toLearned = new(4, 2, input: learned), back = new(4, 2, input: Affine);
        Calibration.Run(from, [tensor([-0.5f, 0, 1, 2]).reshape(1, 4)], CalibrationMethod.Max);
        ModelCopy.Run(from, to);
        ModelCopy.Run(from, toLearned);
        ModelCopy.Run(toLearned, back);

        foreach (QuantLinear layer in new[] { to, toLearned, back })
        {
            Assert.Equal((-0.5f, 2f), (layer.InputQuantizer.Amin!.item<float>(), layer.InputQuantizer.Amax!.item<float>()));
        }

        Assert.Equal((-0.5f, 2f), (toLearned.InputQuantizer.Clip!.clip_value_min.item<float>(), toLearned.InputQuantizer.Clip!.clip_value_max.item<float>()));
    }

    [Fact]
    public void The_ends_go_with_the_type_and_the_device_of_the_model()
    {
        using var scope = NewDisposeScope();
        using QuantLinear layer = new(4, 2, input: Affine);
        Calibration.Run(layer, [tensor([-0.5f, 0, 1, 2]).reshape(1, 4)], CalibrationMethod.Max);
        layer.to(ScalarType.Float64);

        Assert.Equal((ScalarType.Float64, ScalarType.Float64), (layer.InputQuantizer.Amin!.dtype, layer.InputQuantizer.Amax!.dtype));
        Assert.Equal(ScalarType.Float64, layer.call(zeros(1, 4, dtype: ScalarType.Float64)).dtype);
    }
}
