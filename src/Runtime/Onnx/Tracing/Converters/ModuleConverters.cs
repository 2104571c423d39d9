using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx.Converters;

/// <summary>How each type of module is recorded. By exact type: a class that derives from one of these may compute something else.</summary>
internal static class ModuleConverters
{
    private static readonly Dictionary<Type, Func<Module, TracedTensor, TracedTensor>> s_table = new()
    {
        [typeof(TensorQuantizer)] = Of<TensorQuantizer>(QuantizerConverter.Record),
        [typeof(QuantConv2d)] = Of<QuantConv2d>(QuantizedLayers.Convolution),
        [typeof(QuantLinear)] = Of<QuantLinear>(QuantizedLayers.Linear),
        [typeof(QuantAdaptiveAvgPool2d)] = Of<QuantAdaptiveAvgPool2d>(QuantizedLayers.AdaptiveAveragePool),

        [typeof(Conv1d)] = Of<Conv1d>(FloatConvolution.Record),
        [typeof(Conv2d)] = Of<Conv2d>(FloatConvolution.Record),
        [typeof(Conv3d)] = Of<Conv3d>(FloatConvolution.Record),
        [typeof(Linear)] = Of<Linear>((m, x) => TracedLinear.Record(x, m.weight, m.bias)),
        [typeof(BatchNorm1d)] = Of<BatchNorm1d>(TracedBatchNorm.Record),
        [typeof(BatchNorm2d)] = Of<BatchNorm2d>(TracedBatchNorm.Record),
        [typeof(BatchNorm3d)] = Of<BatchNorm3d>(TracedBatchNorm.Record),

        [typeof(ReLU)] = Of<ReLU>((m, x) => TracedOps.relu(x, m.inplace)),
        [typeof(ReLU6)] = Of<ReLU6>((m, x) => TracedOps.relu6(x, m.inplace)),
        [typeof(LeakyReLU)] = Of<LeakyReLU>((m, x) => TracedOps.leaky_relu(x, m.negative_slope, m.inplace)),
        [typeof(ELU)] = Of<ELU>((m, x) => TracedOps.elu(x, m.alpha, m.inplace)),
        [typeof(Sigmoid)] = Of<Sigmoid>((m, x) => TracedOps.sigmoid(x, m.inplace)),
        [typeof(Tanh)] = Of<Tanh>((m, x) => TracedOps.tanh(x, m.inplace)),
        [typeof(SiLU)] = Of<SiLU>((m, x) => TracedOps.silu(x, m.inplace)),
        [typeof(Hardswish)] = Of<Hardswish>((m, x) => TracedOps.hardswish(x, m.inplace)),
        [typeof(Hardsigmoid)] = Of<Hardsigmoid>((m, x) => TracedOps.hardsigmoid(x, m.inplace)),
        [typeof(GELU)] = Of<GELU>(GeluConverter.Record),
        [typeof(Softmax)] = Of<Softmax>((m, x) => x.softmax(m.dim)),

        [typeof(MaxPool2d)] = Of<MaxPool2d>((m, x) => TracedPooling.Max(x, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode)),
        [typeof(AvgPool2d)] = Of<AvgPool2d>(
            (m, x) => TracedPooling.Average(x, m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad, m.divisor_override)),
        [typeof(AdaptiveAvgPool2d)] = Of<AdaptiveAvgPool2d>((m, x) => TracedPooling.AdaptiveAverage(x, m.output_size)),

        [typeof(Flatten)] = Of<Flatten>((m, x) => x.flatten(m.start_dim, m.end_dim)),
        [typeof(Dropout)] = Of<Dropout>((_, x) => x.alias()),
        [typeof(Dropout1d)] = Of<Dropout1d>((_, x) => x.alias()),
        [typeof(Dropout2d)] = Of<Dropout2d>((_, x) => x.alias()),
        [typeof(Dropout3d)] = Of<Dropout3d>((_, x) => x.alias()),
        [typeof(Identity)] = Of<Identity>((_, x) => x.alias()),
    };

    /// <summary>Records what a module computes.</summary>
    /// <exception cref="NotSupportedException">The module cannot be exported.</exception>
    public static TracedTensor Convert(Module module, TracedTensor input, GraphTrace trace)
    {
        if (module is ITraceable traceable)
        {
            return traceable.forward(input);
        }

        if (SequentialConverter.CanConvert(module))
        {
            return SequentialConverter.Record((Sequential)module, input);
        }

        if (!s_table.TryGetValue(module.GetType(), out Func<Module, TracedTensor, TracedTensor>? convert))
        {
            throw new NotSupportedException(
                $"Module '{trace.PathOf(module)}' of type {module.GetType().FullName} has no ONNX translation. "
                + $"Annotate its class with [Quantize] (or let it implement {nameof(ITraceable)}), or build it from modules that can be exported; docs/onnx-export.md lists them.");
        }

        try
        {
            return convert(module, input);
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException($"Module '{trace.PathOf(module)}' cannot be exported: {e.Message}", e);
        }
    }

    private static Func<Module, TracedTensor, TracedTensor> Of<T>(Func<T, TracedTensor, TracedTensor> convert)
        where T : Module
        => (module, input) => convert((T)module, input);
}
