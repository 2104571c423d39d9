using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

public sealed class ExportErrorTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Tensor _example = rand(2, 1, 8, 8);

    private string File => Path.Combine(_folder.FullName, "model.onnx");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _scope.Dispose();
    }

    [Fact]
    public void A_model_that_is_not_calibrated_is_not_written_and_its_quantizers_are_named()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new QuantDigitsNet().ExportOnnx(File, _example));

        Assert.StartsWith("17 quantizers of QuantDigitsNet have no range: stem._input_quantizer, stem._weight_quantizer,", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer2.downsample.0._input_quantizer", error.Message);
        Assert.EndsWith(
            "Calibrate the model with Calibration.Run before exporting it, with data that takes the way that the example takes, or disable these quantizers.",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("addend_quantizer", error.Message);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Only_quantizers_that_the_output_comes_from_are_asked_for_a_range()
    {
        TensorQuantizer used = new(), unused = new(), untaken = new();
        TracedFunction model = new(
            x => used.call(x),
            x =>
            {
                _ = unused.call(x);
                return x.shape[0] > 100 ? untaken.call(x) : used.call(x);
            },
            ("used", used), ("unused", unused), ("untaken", untaken));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => model.ExportOnnx(File, _example, OnnxTarget.OnnxRuntime));

        Assert.StartsWith("1 quantizers of TracedFunction have no range: used. ", error.Message, StringComparison.Ordinal);
        used.Amax = tensor(1f);
        using ExportedModel exported = ExportedModel.Of(model, _example, OnnxTarget.OnnxRuntime);
        Assert.InRange(Comparison.LargestDifference(Comparison.Evaluate(model, _example), exported.Run(_example)), 0, 1 / 127f);
    }

    [Fact]
    public void A_quantizer_that_is_no_part_of_the_model_is_asked_for_its_range_too()
    {
        TensorQuantizer stray = new();
        TracedFunction model = new(x => stray.call(x), x => stray.call(x));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => model.ExportOnnx(File, _example));

        Assert.StartsWith("1 quantizers of TracedFunction have no range: TensorQuantizer. ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        string missing = Path.Combine(_folder.FullName, "missing");

        IOException error = Assert.ThrowsAny<IOException>(() => Calibrated().ExportOnnx(Path.Combine(missing, "model.onnx"), _example));

        Assert.Equal($"The folder '{missing}' for the ONNX file does not exist; create it first.", error.Message);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_an_error()
    {
        IOException error = Assert.ThrowsAny<IOException>(() => Calibrated().ExportOnnx(_folder.FullName, _example));

        Assert.Equal($"'{_folder.FullName}' is a folder; give the ONNX file a name in it.", error.Message);
    }

    [Fact]
    public void Other_widths_than_8_bits_name_the_quantizer()
    {
        TracedFunction model = TracedFunction.Of(new QuantConv2d(1, 2, 3, input: new() { NumBits = 4 }));
        Calibration.Run(model, [_example], CalibrationMethod.Max);

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File, _example, OnnxTarget.OnnxRuntime));

        Assert.Equal(
            "Quantizer 'layer0._input_quantizer' quantizes to 4 bits, but this target takes 8-bit integers. "
                + "Export a profile of the model with 8 bits, or use OnnxTarget.Float for the model without its quantizers.",
            error.Message);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
        model.ExportOnnx(File, _example, OnnxTarget.Float);
        Assert.Equal(["model.onnx"], _folder.EnumerateFileSystemInfos().Select(file => file.Name));
    }

    [Fact]
    public void Eight_bit_floats_name_the_quantizer()
    {
        TracedFunction model = TracedFunction.Of(new TensorQuantizer(new() { NumBits = NumBits.E4M3, Amax = 1f }));

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File, _example, OnnxTarget.TensorRT));

        Assert.StartsWith("Quantizer 'layer0' quantizes to E4M3 floats, but this target takes 8-bit integers.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_translation_is_named_with_its_type_and_path()
    {
        TracedFunction model = TracedFunction.Of(Sequential(("first", ReLU()), ("second", LPPool2d(2, 2))));

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File, _example, OnnxTarget.Float));

        Assert.StartsWith("Module 'layer0.second' of type TorchSharp.Modules.LPPool2d has no ONNX translation.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_module_cannot_export_says_which_module()
    {
        TracedFunction model = TracedFunction.Of(BatchNorm2d(1, track_running_stats: false));

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(File, _example, OnnxTarget.Float));

        Assert.StartsWith("Module 'layer0' cannot be exported: Batch normalization without running statistics", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_must_be_a_batch_of_floats()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Calibrated().ExportOnnx(File, zeros(2, 1, 8, 8, dtype: ScalarType.Int64)));

        Assert.StartsWith(
            "The example must be a float32 tensor whose first dimension is a batch of at least one, but is Int64 of shape [2, 1, 8, 8].",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_is_as_it_was_afterwards()
    {
        QuantDigitsNet model = Calibrated();
        model.train();
        model.modules().OfType<TorchSharp.Modules.BatchNorm2d>().First().eval();
        bool[] modes = [.. model.modules().Select(module => module.training)];
        float amax = model.modules().OfType<TensorQuantizer>().First().Amax!.item<float>();

        model.ExportOnnx(File, _example);

        Assert.True(model.training);
        Assert.Equal(modes, model.modules().Select(module => module.training));
        Assert.Equal(amax, model.modules().OfType<TensorQuantizer>().First().Amax!.item<float>());
    }

    [Fact]
    public void An_export_leaves_no_tensor_behind()
    {
        QuantDigitsNet model = Calibrated();
        model.ExportOnnx(File, _example);
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        model.ExportOnnx(File, _example, OnnxTarget.OnnxRuntime);

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private QuantDigitsNet Calibrated()
    {
        QuantDigitsNet model = new();
        Calibration.Run(model, [_example], CalibrationMethod.Max);
        return model;
    }
}
