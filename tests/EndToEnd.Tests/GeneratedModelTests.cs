using Digits.Models;
using QuantGen.Onnx;
using static TorchSharp.torch;

namespace QuantGen.Tests;

public sealed class GeneratedModelTests
{
    [Fact]
    public void Without_its_quantizers_the_generated_model_is_the_float_model_bit_for_bit()
    {
        using DigitsNet net = new();
        using QuantDigitsNet quant = new();
        quant.LoadWeights(net);
        foreach (TensorQuantizer quantizer in quant.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        net.eval();
        quant.eval();
        using Tensor images = rand(5, 1, 8, 8);
        Assert.Equal(net.call(images).data<float>().ToArray(), quant.call(images).data<float>().ToArray());
    }

    [Fact]
    public void Every_weighted_layer_and_every_addition_has_its_quantizers()
    {
        using QuantDigitsNet quant = new();

        string[] names = [.. quant.named_modules().Where(entry => entry.module is TensorQuantizer).Select(entry => entry.name).Order(StringComparer.Ordinal)];

        Assert.Equal(
            [
                "classifier._input_quantizer", "classifier._weight_quantizer",
                "layer1.addend_quantizer",
                "layer1.conv1._input_quantizer", "layer1.conv1._weight_quantizer", "layer1.conv2._input_quantizer", "layer1.conv2._weight_quantizer",
                "layer1.residual_quantizer",
                "layer2.addend_quantizer",
                "layer2.conv1._input_quantizer", "layer2.conv1._weight_quantizer", "layer2.conv2._input_quantizer", "layer2.conv2._weight_quantizer",
                "layer2.downsample.0._input_quantizer", "layer2.downsample.0._weight_quantizer",
                "layer2.residual_quantizer",
                "pool._input_quantizer",
                "stem._input_quantizer", "stem._weight_quantizer",
            ],
            names);
    }

    [Fact]
    public void A_training_loop_leaves_no_tensor_behind()
    {
        using QuantDigitsNet quant = new();
        using Tensor images = rand(8, 1, 8, 8), labels = randint(0, 10, [8], dtype: ScalarType.Int64);
        Calibration.Run(quant, [images]);
        using var optimizer = optim.Adam(quant.parameters(), 1e-3);
        using var loss = nn.CrossEntropyLoss();
        quant.train();
        Step();
        // Of this thread: elsewhere the garbage collector may still free what other tests left.
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (int i = 0; i < 50; i++)
        {
            Step();
        }

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            loss.call(quant.call(images), labels).backward();
            optimizer.step();
        }
    }

    [Fact]
    public void Export_before_calibration_names_the_quantizers_and_what_to_do()
    {
        using TemporaryFolder folder = new();
        using QuantDigitsNet quant = new();
        string path = Path.Combine(folder.Path, "digits.onnx");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => quant.ExportOnnx(path, rand(1, 1, 8, 8), OnnxTarget.OnnxRuntime));

        Assert.Contains("stem._input_quantizer", error.Message);
        Assert.Contains("alibrat", error.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Calibration_without_a_batch_says_so_and_leaves_the_model_as_it_was()
    {
        using QuantDigitsNet quant = new();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Calibration.Run(quant, []));

        Assert.Equal("Calibration needs at least one batch of data, and got none.", error.Message);
        Assert.All(quant.modules().OfType<TensorQuantizer>(), quantizer => Assert.True(quantizer is { IsQuantizing: true, IsCalibrating: false, Amax: null }));
    }

    [Fact]
    public void The_float_model_cannot_be_calibrated_and_the_message_says_which_can()
    {
        using DigitsNet net = new();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Calibration.Run(net, [rand(1, 1, 8, 8)]));

        Assert.Contains("generated sibling", error.Message);
    }
}
