using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Transposed convolutions with every output padding that torch takes: smaller than the stride or than the dilation.</summary>
public sealed class TransposedConvolutionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TransposedConvolutionTests() => manual_seed(43);

    public void Dispose() => _scope.Dispose();

    // Stride, padding, output padding, dilation.
    public static TheoryData<long, long, long, long> Geometries => new()
    {
        { 1, 0, 0, 1 }, { 2, 0, 1, 1 }, { 2, 1, 1, 1 }, { 3, 1, 2, 1 },
        { 1, 0, 1, 2 }, { 1, 1, 1, 2 }, { 1, 2, 2, 3 }, { 2, 1, 2, 3 }, { 2, 0, 1, 2 }, { 3, 2, 3, 4 }, { 1, 0, 3, 4 },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void One_dimension(long stride, long padding, long outputPadding, long dilation)
    {
        AssertSame(ConvTranspose1d(2, 4, 3, stride, padding, outputPadding, dilation: dilation), randn(2, 2, 7));
        AssertSame(new QuantConvTranspose1d(2, 4, 3, stride, padding, outputPadding, dilation: dilation), randn(2, 2, 7));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Two_dimensions(long stride, long padding, long outputPadding, long dilation)
    {
        AssertSame(ConvTranspose2d(2, 4, 3, stride, padding, outputPadding, dilation: dilation), randn(2, 2, 5, 6));
        AssertSame(new QuantConvTranspose2d(2, 4, 3, stride, padding, outputPadding, dilation: dilation), randn(2, 2, 5, 6));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Three_dimensions(long stride, long padding, long outputPadding, long dilation)
    {
        AssertSame(ConvTranspose3d(2, 4, 3, stride, padding, outputPadding, dilation: dilation, groups: 2, bias: false), randn([2, 2, 3, 4, 5]));
        AssertSame(new QuantConvTranspose3d(2, 4, 3, stride, padding, outputPadding, dilation: dilation, groups: 2, bias: false), randn([2, 2, 3, 4, 5]));
    }

    [Fact]
    public void Each_dimension_has_a_padding_of_its_own()
    {
        AssertSame(ConvTranspose2d(2, 4, (3, 3), (2, 2), (1, 1), (1, 0)), randn(2, 2, 5, 6));
        AssertSame(ConvTranspose2d(2, 4, (3, 3), (2, 2), (1, 1), (0, 1)), randn(2, 2, 5, 6));
        AssertSame(new QuantConvTranspose2d(2, 4, (3, 3), (2, 2), (1, 1), (1, 0)), randn(2, 2, 5, 6));
        AssertSame(new QuantConvTranspose2d(2, 4, (3, 3), (2, 1), (1, 2), (0, 1), dilation: (1, 3)), randn(2, 2, 5, 6));
    }

    private static void AssertSame(Module<Tensor, Tensor> layer, Tensor input)
    {
        TracedFunction model = TracedFunction.Of(layer);
        bool quantized = model.modules().OfType<TensorQuantizer>().Any();
        if (quantized)
        {
            Calibration.Run(model, [input], CalibrationMethod.Max);
        }

        foreach (OnnxTarget target in quantized ? new[] { OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime } : [OnnxTarget.Float])
        {
            using ExportedModel exported = ExportedModel.Of(model, input, target);
            Assert.Equal(layer.call(input).shape, exported.Shape(input));
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, quantized ? 0.01f : 1e-5f);
        }
    }
}
