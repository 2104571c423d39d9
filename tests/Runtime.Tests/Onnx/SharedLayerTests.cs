using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Layers that are called more than once, under both settings of ONNX Runtime's <c>session.x64quantprecision</c>.</summary>
public sealed class SharedLayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public SharedLayerTests() => manual_seed(37);

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> data = [];
            string[] kinds =
                ["convolution", "convolution with batch normalization", "linear", "linear of three dimensions", "transposed", "quantized constant"];
            foreach (string kind in kinds)
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_that_is_called_three_times_computes_the_same_each_time(string kind, bool precise)
    {
        (Module<Tensor, Tensor> layer, long[] shape) = Layer(kind);
        TensorQuantizer last = new(new() { DetectUnsigned = true });
        TracedFunction model = new(
            x => last.call(layer.call(layer.call(layer.call(x).relu()).relu()).relu()),
            x => last.call(layer.call(layer.call(layer.call(x).relu()).relu()).relu()),
            ("layer", layer), ("last", last));

        // One large weight for each output, so that pairs of products do not saturate in ONNX Runtime's fast kernels without VNNI.
        using (no_grad())
        {
            foreach (TorchSharp.Modules.Parameter weight in model.parameters().Where(parameter => parameter.ndim > 1))
            {
                weight.copy_(weight.sign() / 127);
                weight.view(weight.shape[0], weight.shape[1], -1).select(2, 0).copy_(eye(weight.shape[0]));
            }
        }

        Tensor data = randn(shape);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime, precise);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.03f);
    }

    private static (Module<Tensor, Tensor> Layer, long[] Shape) Layer(string kind) => kind switch
    {
        "convolution" => (new QuantConv2d(4, 4, 3, padding: 1), [2, 4, 6, 6]),
        "convolution with batch normalization" => (Sequential(new QuantConv2d(4, 4, 3, padding: 1, bias: false), BatchNorm2d(4)), [2, 4, 6, 6]),
        "linear" => (new QuantLinear(6, 6), [8, 6]),
        "linear of three dimensions" => (new QuantLinear(6, 6), [2, 4, 6]),
        "transposed" => (new QuantConvTranspose2d(4, 4, 3, padding: 1), [2, 4, 6, 6]),
        _ => (new ConstantWeight(), [8, 6]),
    };

    private sealed class ConstantWeight : Module<Tensor, Tensor>, ITraceable
    {
        private readonly Tensor _constant = eye(6) + ones(6, 6) / 200;
        private readonly TensorQuantizer input = new(), weight = new(QuantDescriptor.PerChannel8Bit);

        public ConstantWeight()
            : base(nameof(ConstantWeight))
            => RegisterComponents();

        public override Tensor forward(Tensor x) => functional.linear(input.call(x), weight.call(_constant));

        public TracedTensor TraceForward(TracedTensor x) => TracedOps.linear(input.call(x), weight.call((TracedTensor)_constant));
    }
}
