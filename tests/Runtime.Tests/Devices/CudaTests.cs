using QuantGen.Modules;
using QuantGen.Numerics;
using QuantGen.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Devices;

/// <summary>The same values and gradients on a CUDA device as on the CPU. Never run so far: no device was at hand.</summary>
public sealed class CudaTests
{
    [CudaFact]
    public void Fake_quantization_is_the_same() => Same((x, amax) => FakeQuant.Apply(x, amax));

    [CudaFact]
    public void Fake_quantization_per_channel_is_the_same() => Same((x, amax) => FakeQuant.Apply(x, amax.expand(1, 3, 1), 4, narrowRange: false));

    [CudaFact]
    public void Quantization_to_integers_is_the_same() => Same((x, amax) => TensorQuant.Apply(x, amax).Quantized);

    [CudaFact]
    public void Affine_fake_quantization_is_the_same() => Same((x, amax) => FakeAffineQuant.Apply(x, amax.neg(), amax * 0.5));

    [CudaFact]
    public void Affine_ranges_are_the_same() => Same((x, amax) => AffineQuant.Quantize(x, amax.max() * -0.3, amax.max(), 255));

    [CudaFact]
    public void E4M3_is_the_same() => Same((x, amax) => Float8.ScaledE4M3(x, amax));

    [CudaFact]
    public void Learned_clipping_is_the_same() => Same((x, amax) => LearnedClip.Apply(x, amax.neg(), amax));

    [CudaFact]
    public void Amax_over_axes_is_the_same() => Same((x, _) => ReduceAmax.Apply(x, [0, 2]), hasGradient: false);

    [CudaFact]
    public void A_histogram_is_the_same()
    {
        using Tensor values = randn(100_000);
        Histogram onCpu = new(), onDevice = new();

        onCpu.Add(values);
        onDevice.Add(values.cuda());

        Assert.Equal(onCpu.Counts.ToArray(), onDevice.Counts.ToArray());
        Assert.Equal(onCpu.Maximum, onDevice.Maximum);
        Assert.Equal(onCpu.Below.FineCounts, onDevice.Below.FineCounts);
    }

    [CudaFact]
    public void Calibrated_modules_are_the_same()
    {
        using var scope = NewDisposeScope();
        using var model = Sequential(new QuantConv2d(3, 8, 3), ReLU(), new QuantAdaptiveAvgPool2d(1), Flatten(), new QuantLinear(8, 4));
        Tensor input = randn(4, 3, 8, 8);
        Calibration.Run(model, [input], CalibrationMethod.Max);
        Tensor expected = model.call(input);

        model.to(CUDA);

        Assert.True(model.call(input.cuda()).cpu().allclose(expected, rtol: 1e-4, atol: 1e-5));
    }

    private static void Same(Func<Tensor, Tensor, Tensor> function, bool hasGradient = true)
    {
        using var scope = NewDisposeScope();
        Tensor values = randn(5, 3, 7), amax = tensor(1.3f);
        Tensor onCpu = values.clone().requires_grad_(hasGradient), onDevice = values.cuda().requires_grad_(hasGradient);

        Tensor expected = function(onCpu, amax), actual = function(onDevice, amax.cuda());

        Assert.Null(GoldenTensor.Difference(actual.cpu(), expected));
        if (hasGradient)
        {
            expected.sum().backward();
            actual.sum().backward();
            Assert.Null(GoldenTensor.Difference(onDevice.grad!.cpu(), onCpu.grad!));
        }
    }
}
