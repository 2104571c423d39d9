using QuantGen.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

public sealed class QuantizedStateTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"quantgen-{Guid.NewGuid():N}.dat");

    [Fact]
    public void A_calibrated_model_comes_back_from_a_file_with_its_ranges()
    {
        using Sequential calibrated = Model(), restored = Model();
        using Tensor input = rand(4, 3, 8, 8), test = randn(4, 3, 8, 8);
        Calibration.Run(calibrated, [input], CalibrationMethod.Max);
        calibrated.save(_path);

        restored.LoadState(_path);

        TensorQuantizer quantizer = ((QuantConv2d)restored[0]).InputQuantizer;
        Assert.True(quantizer.Unsigned);
        Assert.Equal(((QuantConv2d)calibrated[0]).InputQuantizer.Amax!.item<float>(), quantizer.Amax!.item<float>());
        Assert.Equal(calibrated.call(test).data<float>().ToArray(), restored.call(test).data<float>().ToArray());
        Assert.Equal(calibrated.state_dict().Keys, restored.state_dict().Keys);
    }

    [Fact]
    public void A_calibrated_model_can_be_loaded_over()
    {
        using Sequential first = Model(), second = Model();
        Calibration.Run(first, [rand(4, 3, 8, 8)], CalibrationMethod.Max);
        Calibration.Run(second, [randn(4, 3, 8, 8) * 5], CalibrationMethod.Max);

        second.LoadState(first.state_dict());

        Assert.True(((QuantConv2d)second[0]).InputQuantizer.Unsigned);
        Assert.InRange(((QuantConv2d)second[0]).InputQuantizer.Amax!.item<float>(), 0, 1);
    }

    [Fact]
    public void A_state_that_does_not_fit_is_named_and_changes_nothing()
    {
        using Sequential model = Model();
        float before = ((QuantConv2d)model[0]).weight.flatten()[0].item<float>();
        Dictionary<string, Tensor> state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value + 1);
        state["0.bias"] = zeros(7);
        state["2.extra._amax"] = ones(1);
        state.Remove("3.bias");

        ArgumentException error = Assert.Throws<ArgumentException>(() => model.LoadState(state));

        Assert.Contains("'0.bias' has shape [7] instead of [4]", error.Message);
        Assert.Contains("'2.extra._amax' is unknown", error.Message);
        Assert.Contains("'3.bias' is missing", error.Message);
        Assert.Equal(before, ((QuantConv2d)model[0]).weight.flatten()[0].item<float>());
    }

    [Fact]
    public void A_file_of_another_kind_is_named()
    {
        File.WriteAllText(_path, "this is not a model");
        using Sequential model = Model();

        CheckpointException error = Assert.Throws<CheckpointException>(() => model.LoadState(_path));

        Assert.StartsWith($"'{_path}' is not a file that TorchSharp's Module.save wrote", error.Message);
    }

    [Fact]
    public void A_damaged_file_is_named_whatever_byte_is_wrong()
    {
        using Sequential model = Model();
        model.save(_path);
        byte[] good = File.ReadAllBytes(_path);
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(Math.Min(200, bad.Length))] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(_path, bad);
            try
            {
                model.LoadState(_path);
            }
            catch (Exception e) when (e is CheckpointException or ArgumentException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_range_that_is_none_stops_loading_before_anything_is_copied(float amax)
    {
        using Sequential model = Model();
        using Tensor before = ((QuantConv2d)model[0]).weight.detach().clone();
        Dictionary<string, Tensor> state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value + 1);
        state["0._input_quantizer._amax"] = tensor(amax);

        ArgumentException error = Assert.Throws<ArgumentException>(() => model.LoadState(state));

        Assert.Contains("quantizer '0._input_quantizer'", error.Message);
        Assert.True(before.equal(((QuantConv2d)model[0]).weight).all().item<bool>());

        // Into a calibrated model too, where the range is there already.
        Calibration.Run(model, [rand(4, 3, 8, 8)], CalibrationMethod.Max);
        state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        state["3._weight_quantizer._amax"] = full_like(state["3._weight_quantizer._amax"], amax);
        Assert.Contains("quantizer '3._weight_quantizer'", Assert.Throws<ArgumentException>(() => model.LoadState(state)).Message);
    }

    [Theory]
    [InlineData("0._input_quantizer._amax", "a range of shape [7] was given, but it has one range")]
    [InlineData("0._weight_quantizer._amax", "a range of shape [7] does not fit its weight, which takes [4, 1, 1, 1] or one number")]
    public void A_range_of_a_shape_that_its_quantizer_cannot_have_is_named(string key, string message)
    {
        using Sequential model = Model();
        Dictionary<string, Tensor> state = model.state_dict();
        state[key] = ones(7);

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.LoadState(state)).Message);
    }

    [Fact]
    public void Ranges_of_another_number_of_bits_are_refused()
    {
        using QuantLinear eight = new(4, 2), four = new(4, 2, input: new() { NumBits = 4 });
        Calibration.Run(eight, [randn(8, 4)], CalibrationMethod.Max);

        ArgumentException error = Assert.Throws<ArgumentException>(() => four.LoadState(eight.state_dict()));

        Assert.Contains("quantizer '_input_quantizer': it was calibrated for 8 bits, and this quantizer has 4 bits", error.Message);
        Assert.Null(four.InputQuantizer.Amax);
        four.LoadWeights(eight);
        Assert.True(four.weight.equal(eight.weight).all().item<bool>());
        Assert.Null(four.InputQuantizer.Amax);
    }

    [Fact]
    public void Quantizers_that_have_no_range_afterwards_are_named()
    {
        using Sequential calibrated = Model(), other = Model();
        Calibration.Run(calibrated, [rand(4, 3, 8, 8)], CalibrationMethod.Max);
        Dictionary<string, Tensor> state = calibrated.state_dict();
        state.Remove("3._input_quantizer._amax");
        state.Remove("3._input_quantizer._format");

        StateLoading loading = other.LoadState(state);

        Assert.Equal(["3._input_quantizer"], loading.WithoutRange);
        Assert.Equal("1 quantizers have no range: 3._input_quantizer.", loading.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TorchSharps_own_load_brings_the_ranges(bool strict)
    {
        using QuantConv2d calibrated = new(3, 4, 3, input: new() { DetectUnsigned = true }), restored = new(3, 4, 3, input: new() { DetectUnsigned = true });
        using QuantLSTM lstm = new(3, 4), other = new(3, 4);
        Calibration.Run(calibrated, [rand(4, 3, 8, 8)], CalibrationMethod.Max);
        Calibration.Run(lstm, [randn(5, 2, 3)], batch => lstm.call(batch), CalibrationMethod.Max);
        calibrated.save(_path);
        Dictionary<string, bool> loaded = [];

        restored.load(_path, strict, loadedParameters: loaded);
        other.load_state_dict(lstm.state_dict(), strict);

        Assert.True(restored.InputQuantizer.Unsigned);
        Assert.Equal(calibrated.InputQuantizer.Amax!.item<float>(), restored.InputQuantizer.Amax!.item<float>());
        Assert.Equal(lstm.InputQuantizers[0].Amax!.item<float>(), other.InputQuantizers[0].Amax!.item<float>());
        Assert.All(loaded, entry => Assert.True(entry.Value, entry.Key));
    }

    [Fact]
    public void Weights_go_back_into_the_float_model()
    {
        using Linear linear = Linear(4, 2);
        using QuantLinear quantized = new(4, 2);
        Calibration.Run(quantized, [randn(8, 4)], CalibrationMethod.Max);

        linear.LoadWeights(quantized);

        Assert.True(linear.weight.equal(quantized.weight).all().item<bool>());
    }

    [Fact]
    public void Ranges_move_with_the_model_to_another_type()
    {
        using Sequential model = Model();
        Calibration.Run(model, [rand(4, 3, 8, 8)], CalibrationMethod.Max);

        model.to(ScalarType.Float64);

        QuantConv2d conv = (QuantConv2d)model[0];
        Assert.Equal(ScalarType.Float64, conv.InputQuantizer.Amax!.dtype);
        Assert.Equal(ScalarType.Float64, conv.WeightQuantizer.Amax!.dtype);
        Assert.Equal(ScalarType.Float64, conv.weight.dtype);
        Assert.Equal(ScalarType.Float64, model.call(rand(1, 3, 8, 8, ScalarType.Float64)).dtype);
    }

    public void Dispose() => File.Delete(_path);

    private static Sequential Model()
        => Sequential(
            new QuantConv2d(3, 4, 3, padding: 1, input: new() { DetectUnsigned = true }), ReLU(), new QuantAdaptiveAvgPool2d(2), new QuantConv2d(4, 2, 1));
}
