using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Everything that a quantizer does in C# is in the file, or the export says that it cannot be.</summary>
public sealed class QuantizerExportTests
{
    public static TheoryData<OnnxTarget> Targets => [OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime];

    [Theory]
    [InlineData(OnnxTarget.TensorRT, -0.5f, 2f, 1)]
    [InlineData(OnnxTarget.OnnxRuntime, -0.5f, 2f, 1)]
    [InlineData(OnnxTarget.OnnxRuntime, -2f, 0.7f, 1)]
    [InlineData(OnnxTarget.OnnxRuntime, -3f, 3f, 1)]
    public void Learned_bounds_clip_in_the_file_where_the_grid_does_not(OnnxTarget target, float minimum, float maximum, int clips)
    {
        using var scope = NewDisposeScope();
        QuantLinear linear = new(4, 3, input: new() { LearnAmax = true, LearnStep = true });
        TracedFunction model = TracedFunction.Of(linear);
        Tensor input = randn(16, 4) * 3;
        Calibration.Run(model, [input], CalibrationMethod.Max);
        using (no_grad())
        {
            linear.InputQuantizer.Clip!.clip_value_min.fill_(minimum);
            linear.InputQuantizer.Clip!.clip_value_max.fill_(maximum);
        }

        using ExportedModel exported = ExportedModel.Of(model, input[..2], target);

        // The grid of ±3 reaches to its lowest integer, one step below -3, where the bound does not.
        Assert.Equal(clips, ExportedModel.Count(exported.Written, "Clip"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-3f);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Bounds_that_did_not_move_need_no_operation(OnnxTarget target)
    {
        using var scope = NewDisposeScope();
        TracedFunction model = TracedFunction.Of(new QuantLinear(4, 3, input: new() { LearnAmax = true, LearnStep = true }));
        Tensor input = randn(16, 4);
        Calibration.Run(model, [input], CalibrationMethod.Percentile(95));

        using ExportedModel exported = ExportedModel.Of(model, input[..2], target);

        Assert.Equal(0, ExportedModel.Count(exported.Written, "Clip"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-3f);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_factor_of_inputs_and_of_weights_is_in_the_file(OnnxTarget target)
    {
        using var scope = NewDisposeScope();
        QuantLinear linear = new(4, 3);
        TracedFunction model = TracedFunction.Of(linear);
        Tensor input = randn(16, 4);
        linear.InputQuantizer.PreQuantScale = tensor([0.5f, 2f, 1f, 3f]);
        linear.WeightQuantizer.PreQuantScale = tensor([2f, 0.5f, 1f, 1f / 3]);
        Calibration.Run(model, [input], CalibrationMethod.Max);

        using ExportedModel exported = ExportedModel.Of(model, input[..2], target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-3f);
    }

    [Fact]
    public void A_disabled_quantizer_leaves_its_factor()
    {
        using var scope = NewDisposeScope();
        QuantLinear linear = new(4, 3);
        TracedFunction model = TracedFunction.Of(linear);
        Tensor input = randn(16, 4);
        linear.InputQuantizer.PreQuantScale = tensor(3f);
        linear.InputQuantizer.IsEnabled = linear.WeightQuantizer.IsEnabled = false;

        using ExportedModel exported = ExportedModel.Of(model, input[..2], OnnxTarget.OnnxRuntime);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_factor_of_amax_is_in_the_file(OnnxTarget target)
    {
        using var scope = NewDisposeScope();
        TracedFunction model = TracedFunction.Of(new QuantLinear(4, 3, input: new() { ScaleAmax = 0.5 }, weight: new() { Axis = 0, ScaleAmax = 0.8 }));
        Tensor input = randn(16, 4);
        Calibration.Run(model, [input], CalibrationMethod.Max);

        using ExportedModel exported = ExportedModel.Of(model, input[..2], target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-3f);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_range_of_NaN_is_an_error_that_names_the_quantizer(OnnxTarget target)
    {
        using var scope = NewDisposeScope();
        QuantLinear linear = new(4, 3);
        TracedFunction model = TracedFunction.Of(linear);
        Calibration.Run(model, [randn(2, 4)], CalibrationMethod.Max);

        // What nothing sets by the front door: a buffer that other code writes into.
        using (no_grad())
        {
            linear.InputQuantizer.Amax!.fill_(float.NaN);
        }

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
        {
            using ExportedModel exported = ExportedModel.Of(model, randn(2, 4), target);
        });

        Assert.Equal("Quantizer 'layer0._input_quantizer' has NaN in its range, from which no file can be made. Calibrate the model again.", error.Message);
    }
}
