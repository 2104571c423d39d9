using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

public sealed class FileLoadingTests : CheckpointFixture
{
    [Fact]
    public void A_float_model_takes_the_weights_of_a_file()
    {
        using Linear linear = Linear(3, 2);
        using Checkpoint file = Checkpoint.Open(Fixture("nested.pth"));

        WeightReport report = linear.LoadWeights(Fixture("nested.pth"));

        Assert.Equal(Values(file.Read("weight")), Values(linear.weight));
        Assert.Equal(Values(file.Read("bias")), Values(linear.bias!));
        Assert.True(report.IsComplete);
        Assert.Equal(["weight", "bias"], report.Loaded);
        Assert.Equal(("model", "ema"), (report.Container, report.OtherContainers.Single()));
        Assert.Equal(
            $"2 tensors loaded from '{Fixture("nested.pth")}' under 'model': 0 renamed, 0 ignored, 0 missing, 0 unexpected, 0 misfitting.", report.ToString());
    }

    [Fact]
    public void Averaged_weights_are_taken_when_they_are_asked_for()
    {
        using Linear linear = Linear(3, 2);
        using Checkpoint file = Checkpoint.Open(Fixture("nested.pth"), "ema");

        linear.LoadWeights(Fixture("nested.pth"), new() { Container = "ema" });

        Assert.Equal(Values(file.Read("weight")), Values(linear.weight));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed_with_the_nearest_name_and_nothing_changes()
    {
        using Sequential model = Sequential(("stem", Conv2d(3, 4, 3)), ("norm", BatchNorm2d(4)), ("head", Linear(4, 2)));
        Dictionary<string, Tensor> state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        state["steem.weight"] = state["stem.weight"];
        state.Remove("stem.weight");
        state["norm.weight"] = ones(5);
        state["head.bias"] = ones(2, dtype: ScalarType.Int8);
        double[] before = Values(model.state_dict()["stem.bias"]);
        state["stem.bias"] += 1;
        Checkpoint.Write(Temporary("net.safetensors"), state);

        WeightMismatchException error = Assert.Throws<WeightMismatchException>(() => model.LoadWeights(Temporary("net.safetensors")));

        Assert.Equal(
            $"'{Temporary("net.safetensors")}' does not fit torch::nn::SequentialImpl: 'stem.weight' is missing (the file has 'steem.weight'); "
                + "'steem.weight' is unknown (the model has 'stem.weight'); 'norm.weight' has shape [5] instead of [4]; "
                + "'head.bias' is int8 in the file, and Float32 in the model. Nothing was loaded. "
                + "WeightLoadOptions.Names takes rules for names, and Partial loads what fits.",
            error.Message);
        Assert.Equal(["stem.weight"], error.Report.Missing);
        Assert.Equal(["steem.weight"], error.Report.Unexpected);
        Assert.Equal(["norm.weight", "head.bias"], error.Report.Misfitting.Select(weight => weight.Name).OrderDescending());
        Assert.Equal(before, Values(model.state_dict()["stem.bias"]));
    }

    [Fact]
    public void What_fits_is_loaded_on_request_and_the_rest_is_reported()
    {
        using Sequential model = Sequential(("body", Linear(3, 3)), ("head", Linear(3, 2)));
        double[] head = Values(model.state_dict()["head.weight"]);
        Checkpoint.Write(
            Temporary("net.pth"),
            new Dictionary<string, Tensor> { ["body.weight"] = eye(3), ["head.weight"] = ones(7, 3), ["extra"] = ones(1) });

        WeightReport report = model.LoadWeights(Temporary("net.pth"), new() { Partial = true });

        Assert.Equal(["body.weight"], report.Loaded);
        Assert.Equal(["body.bias", "head.bias"], report.Missing);
        Assert.Equal(["extra"], report.Unexpected);
        Assert.Equal([new("head.weight", "has shape [7, 3] instead of [2, 3]")], report.Misfitting);
        Assert.False(report.IsComplete);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], Values(model.state_dict()["body.weight"]));
        Assert.Equal(head, Values(model.state_dict()["head.weight"]));
        Checkpoint.Write(Temporary("other.pth"), new Dictionary<string, Tensor> { ["x"] = ones(1) });
        Assert.Throws<WeightMismatchException>(() => model.LoadWeights(Temporary("other.pth"), new() { Partial = true }));
    }

    [Fact]
    public void Values_are_converted_to_the_types_of_the_model()
    {
        using Linear linear = Linear(2, 1);
        Checkpoint.Write(
            Temporary("half.safetensors"),
            new Dictionary<string, Tensor>
            {
                ["weight"] = tensor(new[] { 0.5, 0.25 }).reshape(1, 2).to(ScalarType.BFloat16),
                ["bias"] = tensor(new[] { 1.5 }),
            });

        linear.LoadWeights(Temporary("half.safetensors"));

        Assert.Equal(ScalarType.Float32, linear.weight.dtype);
        Assert.Equal([0.5, 0.25, 1.5], [.. Values(linear.weight), .. Values(linear.bias!)]);
    }

    [Fact]
    public void Files_from_before_batches_were_counted_fit_and_scalars_may_be_vectors_of_one()
    {
        using BatchNorm2d norm = BatchNorm2d(2), counted = BatchNorm2d(2);
        Dictionary<string, Tensor> state = norm.state_dict().ToDictionary();
        state.Remove("num_batches_tracked");
        Checkpoint.Write(Temporary("old.pth"), state);
        state["num_batches_tracked"] = tensor(new[] { 12L });
        Checkpoint.Write(Temporary("vector.pth"), state);

        Assert.True(norm.LoadWeights(Temporary("old.pth")).IsComplete);
        Assert.True(counted.LoadWeights(Temporary("vector.pth")).IsComplete);
        Assert.Equal([12], Values(counted.state_dict()["num_batches_tracked"]));
    }

    [Theory]
    [InlineData("net.safetensors")]
    [InlineData("net.pth")]
    [InlineData("net.dat")]
    public void A_calibrated_model_comes_back_from_every_format(string name)
    {
        using QuantLinear calibrated = new(4, 2), restored = new(4, 2);
        Tensor input = randn(8, 4);
        Calibration.Run(calibrated, [input], CalibrationMethod.Max);
        calibrated.SaveWeights(Temporary(name));

        StateLoading loading = restored.LoadState(Temporary(name));

        Assert.Empty(loading.WithoutRange);
        Assert.Equal(calibrated.state_dict().Keys.Order(), loading.Weights!.Loaded.Order());
        Assert.Equal(Values(calibrated.call(input)), Values(restored.call(input)));
    }

    [Fact]
    public void Ranges_come_with_weights_where_the_format_is_the_same_and_are_named_where_not()
    {
        using QuantLinear eight = new(4, 2), same = new(4, 2), four = new(4, 2, input: new() { NumBits = 4 });
        using Linear plain = Linear(4, 2);
        Calibration.Run(eight, [randn(8, 4)], CalibrationMethod.Max);
        eight.SaveWeights(Temporary("net.pth"));

        same.LoadWeights(Temporary("net.pth"));
        WeightReport toFour = four.LoadWeights(Temporary("net.pth")), toFloat = plain.LoadWeights(Temporary("net.pth"));

        Assert.Equal(Values(eight.InputQuantizer.Amax!), Values(same.InputQuantizer.Amax!));
        Assert.Null(four.InputQuantizer.Amax);
        Assert.Equal(Values(eight.WeightQuantizer.Amax!), Values(four.WeightQuantizer.Amax!));
        Assert.Equal(["_input_quantizer._amax", "_input_quantizer._format"], toFour.Ignored.Select(weight => weight.Name).Order());
        Assert.Contains("it was calibrated for 8 bits, and this quantizer has 4 bits", toFour.Ignored[0].Reason);
        Assert.Equal(4, toFloat.Ignored.Count(weight => weight.Reason == "the model has no such quantizer"));
        Assert.True(toFloat.IsComplete);
        WeightMismatchException error = Assert.Throws<WeightMismatchException>(() => four.LoadState(Temporary("net.pth")));
        Assert.Contains("quantizer '_input_quantizer': it was calibrated for 8 bits", error.Message);
        Assert.Contains("'_input_quantizer._amax' is unknown", Assert.Throws<WeightMismatchException>(() => plain.LoadState(Temporary("net.pth"))).Message);
    }

    [Theory]
    [InlineData(SavedRanges.All, "_input_quantizer._amax _input_quantizer._format _weight_quantizer._amax _weight_quantizer._format bias weight")]
    [InlineData(SavedRanges.Reference, "_input_quantizer._amax _weight_quantizer._amax bias weight")]
    [InlineData(SavedRanges.None, "bias weight")]
    public void What_of_quantizers_is_saved_can_be_chosen(SavedRanges ranges, string expected)
    {
        using QuantLinear calibrated = new(4, 2);
        Calibration.Run(calibrated, [randn(8, 4)], CalibrationMethod.Max);

        calibrated.SaveWeights(Temporary("net.safetensors"), ranges);

        using Checkpoint file = Checkpoint.Open(Temporary("net.safetensors"));
        Assert.Equal(expected, string.Join(' ', file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_range_that_is_none_stops_loading_before_anything_is_copied()
    {
        using QuantLinear calibrated = new(4, 2), other = new(4, 2);
        Calibration.Run(calibrated, [randn(8, 4)], CalibrationMethod.Max);
        Dictionary<string, Tensor> state = calibrated.state_dict().ToDictionary();
        state["_input_quantizer._amax"] = tensor(-1f);
        Checkpoint.Write(Temporary("net.pth"), state);
        double[] before = Values(other.weight);

        WeightMismatchException error = Assert.Throws<WeightMismatchException>(() => other.LoadWeights(Temporary("net.pth")));

        Assert.Contains("quantizer '_input_quantizer'", error.Message);
        Assert.Equal(before, Values(other.weight));
    }
}
