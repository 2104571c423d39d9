using QuantGen.Modules;
using QuantGen.Onnx.Tracing.Operations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>How each type of module is recorded. By exact type: a class that derives from one of these may compute something else.</summary>
internal static class ModuleConverters
{
    private static readonly Dictionary<Type, Func<Module, TracedTensor, TracedTensor>> s_table = new()
    {
        [typeof(TensorQuantizer)] = Of<TensorQuantizer>(QuantizerConverter.Record),
        [typeof(QuantConv1d)] = Of<QuantConv1d>(QuantizedLayers.Convolution),
        [typeof(QuantConv2d)] = Of<QuantConv2d>(QuantizedLayers.Convolution),
        [typeof(QuantConv3d)] = Of<QuantConv3d>(QuantizedLayers.Convolution),
        [typeof(QuantConvTranspose1d)] = Of<QuantConvTranspose1d>(QuantizedLayers.ConvolutionTranspose),
        [typeof(QuantConvTranspose2d)] = Of<QuantConvTranspose2d>(QuantizedLayers.ConvolutionTranspose),
        [typeof(QuantConvTranspose3d)] = Of<QuantConvTranspose3d>(QuantizedLayers.ConvolutionTranspose),
        [typeof(QuantLinear)] = Of<QuantLinear>(QuantizedLayers.Linear),
        [typeof(QuantMaxPool1d)] = Of<QuantMaxPool1d>(QuantizedLayers.MaxPool),
        [typeof(QuantMaxPool2d)] = Of<QuantMaxPool2d>(QuantizedLayers.MaxPool),
        [typeof(QuantMaxPool3d)] = Of<QuantMaxPool3d>(QuantizedLayers.MaxPool),
        [typeof(QuantAvgPool1d)] = Of<QuantAvgPool1d>(QuantizedLayers.AveragePool),
        [typeof(QuantAvgPool2d)] = Of<QuantAvgPool2d>(QuantizedLayers.AveragePool),
        [typeof(QuantAvgPool3d)] = Of<QuantAvgPool3d>(QuantizedLayers.AveragePool),
        [typeof(QuantAdaptiveAvgPool1d)] = Of<QuantAdaptiveAvgPool1d>(QuantizedLayers.AdaptiveAveragePool),
        [typeof(QuantAdaptiveAvgPool2d)] = Of<QuantAdaptiveAvgPool2d>(QuantizedLayers.AdaptiveAveragePool),
        [typeof(QuantAdaptiveAvgPool3d)] = Of<QuantAdaptiveAvgPool3d>(QuantizedLayers.AdaptiveAveragePool),
        [typeof(QuantSiLU)] = Of<QuantSiLU>(QuantizedActivations.SiLU),
        [typeof(QuantHardswish)] = Of<QuantHardswish>(QuantizedActivations.Hardswish),
        [typeof(QuantHardsigmoid)] = Of<QuantHardsigmoid>(QuantizedActivations.Hardsigmoid),
        [typeof(QuantSigmoid)] = Of(QuantizedActivations.Simple<QuantSigmoid>((_, x) => x.sigmoid())),
        [typeof(QuantTanh)] = Of(QuantizedActivations.Simple<QuantTanh>((_, x) => x.tanh())),
        [typeof(QuantLeakyReLU)] = Of(QuantizedActivations.Simple<QuantLeakyReLU>((m, x) => x.leaky_relu(m.negative_slope))),
        [typeof(QuantELU)] = Of(QuantizedActivations.Simple<QuantELU>((m, x) => x.elu(m.alpha))),
        [typeof(QuantGELU)] = Of(QuantizedActivations.Simple<QuantGELU>((m, x) => x.gelu(m.approximate))),
        [typeof(QuantMish)] = Of(QuantizedActivations.Simple<QuantMish>((_, x) => TracedOps.mish(x))),

        [typeof(Conv1d)] = Of<Conv1d>(FloatConvolution.Record),
        [typeof(Conv2d)] = Of<Conv2d>(FloatConvolution.Record),
        [typeof(Conv3d)] = Of<Conv3d>(FloatConvolution.Record),
        [typeof(ConvTranspose1d)] = Of<ConvTranspose1d>(FloatConvolution.RecordTransposed),
        [typeof(ConvTranspose2d)] = Of<ConvTranspose2d>(FloatConvolution.RecordTransposed),
        [typeof(ConvTranspose3d)] = Of<ConvTranspose3d>(FloatConvolution.RecordTransposed),
        [typeof(Linear)] = Of<Linear>((m, x) => TracedLinear.Record(x, m.weight, m.bias)),
        [typeof(BatchNorm1d)] = Of<BatchNorm1d>(TracedBatchNorm.Record),
        [typeof(BatchNorm2d)] = Of<BatchNorm2d>(TracedBatchNorm.Record),
        [typeof(BatchNorm3d)] = Of<BatchNorm3d>(TracedBatchNorm.Record),

        [typeof(LayerNorm)] = Of<LayerNorm>((m, x) => TracedNormalization.Layer(x, m.normalized_shape, m.weight, m.bias, m.eps)),
        [typeof(GroupNorm)] = Of<GroupNorm>((m, x) => TracedNormalization.Group(x, m.num_groups, m.weight, m.bias, m.eps)),
        [typeof(InstanceNorm1d)] = Of<InstanceNorm1d>((m, x) => TracedNormalization.Instance(m, 1, x)),
        [typeof(InstanceNorm2d)] = Of<InstanceNorm2d>((m, x) => TracedNormalization.Instance(m, 2, x)),
        [typeof(InstanceNorm3d)] = Of<InstanceNorm3d>((m, x) => TracedNormalization.Instance(m, 3, x)),
        [typeof(QuantInstanceNorm1d)] = Of<QuantInstanceNorm1d>((m, x) => QuantizedLayers.InstanceNorm(m, 1, x)),
        [typeof(QuantInstanceNorm2d)] = Of<QuantInstanceNorm2d>((m, x) => QuantizedLayers.InstanceNorm(m, 2, x)),
        [typeof(QuantInstanceNorm3d)] = Of<QuantInstanceNorm3d>((m, x) => QuantizedLayers.InstanceNorm(m, 3, x)),
        [typeof(LocalResponseNorm)] = Of<LocalResponseNorm>((m, x) => TracedNormalization.LocalResponse(x, m.size, m.alpha, m.beta, m.k)),
        [typeof(Embedding)] = Of<Embedding>((m, x) => TracedOps.Rows(m.weight!, x)),

        [typeof(ReLU)] = Of<ReLU>((m, x) => TracedOps.relu(x, m.inplace)),
        [typeof(ReLU6)] = Of<ReLU6>((m, x) => TracedOps.relu6(x, m.inplace)),
        [typeof(LeakyReLU)] = Of<LeakyReLU>((m, x) => TracedOps.leaky_relu(x, m.negative_slope, m.inplace)),
        [typeof(ELU)] = Of<ELU>((m, x) => TracedOps.elu(x, m.alpha, m.inplace)),
        [typeof(Sigmoid)] = Of<Sigmoid>((m, x) => TracedOps.sigmoid(x, m.inplace)),
        [typeof(Tanh)] = Of<Tanh>((m, x) => TracedOps.tanh(x, m.inplace)),
        [typeof(SiLU)] = Of<SiLU>((m, x) => TracedOps.silu(x, m.inplace)),
        [typeof(Hardswish)] = Of<Hardswish>((m, x) => TracedOps.hardswish(x, m.inplace)),
        [typeof(Hardsigmoid)] = Of<Hardsigmoid>((m, x) => TracedOps.hardsigmoid(x, m.inplace)),
        [typeof(GELU)] = Of<GELU>((m, x) => TracedOps.gelu(x, m.approximate, m.inplace)),
        [typeof(Softmax)] = Of<Softmax>((m, x) => x.softmax(m.dim)),
        [typeof(LogSoftmax)] = Of<LogSoftmax>((m, x) => x.log_softmax(m.dim)),
        [typeof(Softmin)] = Of<Softmin>((m, x) => TracedOps.softmin(x, m.dim)),
        [typeof(Softmax2d)] = Of<Softmax2d>((_, x) => TracedOps.softmax2d(x)),
        [typeof(Softplus)] = Of<Softplus>((m, x) => x.softplus(m.beta, m.threshold)),
        [typeof(SELU)] = Of<SELU>((m, x) => TracedOps.selu(x, m.inplace)),
        [typeof(CELU)] = Of<CELU>((m, x) => TracedOps.celu(x, m.alpha, m.inplace)),
        [typeof(Mish)] = Of<Mish>((m, x) => TracedOps.mish(x, m.inplace)),
        [typeof(Softsign)] = Of<Softsign>((m, x) => TracedOps.softsign(x, m.inplace)),
        [typeof(Threshold)] = Of<Threshold>((m, x) => TracedOps.threshold(x, m.threshold, m.value, m.inplace)),
        [typeof(Hardtanh)] = Of<Hardtanh>((m, x) => TracedOps.hardtanh(x, m.min_val, m.max_val, m.inplace)),
        [typeof(PReLU)] = Of<PReLU>((m, x) => x.prelu(m.weight)),
        [typeof(RReLU)] = Of<RReLU>((m, x) => TracedOps.rrelu(x, m.lower, m.upper, m.inplace)),
        [typeof(GLU)] = Of<GLU>((m, x) => x.glu(m.dim)),
        [typeof(Tanhshrink)] = Of<Tanhshrink>((m, x) => TracedOps.tanhshrink(x, m.inplace)),
        [typeof(Softshrink)] = Of<Softshrink>((m, x) => x.softshrink(m.lambda)),
        [typeof(Hardshrink)] = Of<Hardshrink>((m, x) => x.hardshrink(m.lambda)),
        [typeof(LogSigmoid)] = Of<LogSigmoid>((_, x) => x.log_sigmoid()),

        [typeof(MaxPool1d)] = Of<MaxPool1d>(
            (m, x) => TracedPooling.Max(x, [m.kernel_size], Array(m.stride), Array(m.padding), Array(m.dilation), m.ceil_mode, spatial: 1)),
        [typeof(MaxPool2d)] = Of<MaxPool2d>((m, x) => TracedPooling.Max(x, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode)),
        [typeof(MaxPool3d)] = Of<MaxPool3d>((m, x) => TracedPooling.Max(x, m.kernel_size, m.stride, m.padding, m.dilation, m.ceil_mode, spatial: 3)),
        [typeof(AvgPool1d)] = Of<AvgPool1d>(
            (m, x) => TracedPooling.Average(x, [m.kernel_size], Array(m.stride), Array(m.padding), m.ceil_mode, m.count_include_pad, null, spatial: 1)),
        [typeof(AvgPool2d)] = Of<AvgPool2d>(
            (m, x) => TracedPooling.Average(x, m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad, m.divisor_override)),
        [typeof(AvgPool3d)] = Of<AvgPool3d>(
            (m, x) => TracedPooling.Average(x, m.kernel_size, m.stride, m.padding, m.ceil_mode, m.count_include_pad, m.divisor_override, spatial: 3)),
        [typeof(AdaptiveAvgPool1d)] = Of<AdaptiveAvgPool1d>((m, x) => TracedPooling.AdaptiveAverage(x, [m.output_size], spatial: 1)),
        [typeof(AdaptiveAvgPool2d)] = Of<AdaptiveAvgPool2d>((m, x) => TracedPooling.AdaptiveAverage(x, m.output_size)),
        [typeof(AdaptiveAvgPool3d)] = Of<AdaptiveAvgPool3d>((m, x) => TracedPooling.AdaptiveAverage(x, m.output_size, spatial: 3)),
        [typeof(AdaptiveMaxPool1d)] = Of<AdaptiveMaxPool1d>((m, x) => TracedPooling.AdaptiveMax(x, [m.output_size], spatial: 1)),
        [typeof(AdaptiveMaxPool2d)] = Of<AdaptiveMaxPool2d>((m, x) => TracedPooling.AdaptiveMax(x, m.output_size, spatial: 2)),

        [typeof(Upsample)] = Of<Upsample>((m, x) => TracedResize.Record(
            x, m.size.IsEmpty ? null : m.size.ToArray(), m.scale_factor.IsEmpty ? null : m.scale_factor.ToArray(), (InterpolationMode)m.mode, m.align_corners,
            m.recompute_scale_factor ?? false)),
        [typeof(PixelShuffle)] = Of<PixelShuffle>((m, x) => TracedOps.pixel_shuffle(x, m.upscale_factor)),
        [typeof(PixelUnshuffle)] = Of<PixelUnshuffle>((m, x) => TracedOps.pixel_unshuffle(x, m.downscale_factor)),
        [typeof(ChannelShuffle)] = Of<ChannelShuffle>((m, x) => TracedOps.channel_shuffle(x, m.groups)),
        [typeof(ZeroPad2d)] = Of<ZeroPad2d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Constant, m.value)),
        [typeof(ConstantPad1d)] = Of<ConstantPad1d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Constant, m.value)),
        [typeof(ConstantPad2d)] = Of<ConstantPad2d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Constant, m.value)),
        [typeof(ConstantPad3d)] = Of<ConstantPad3d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Constant, m.value)),
        [typeof(ReflectionPad1d)] = Of<ReflectionPad1d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Reflect, m.value)),
        [typeof(ReflectionPad2d)] = Of<ReflectionPad2d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Reflect, m.value)),
        [typeof(ReflectionPad3d)] = Of<ReflectionPad3d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Reflect, m.value)),
        [typeof(ReplicationPad1d)] = Of<ReplicationPad1d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Replicate, m.value)),
        [typeof(ReplicationPad2d)] = Of<ReplicationPad2d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Replicate, m.value)),
        [typeof(ReplicationPad3d)] = Of<ReplicationPad3d>((m, x) => TracedPadding.Record(x, m.padding, PaddingModes.Replicate, m.value)),

        [typeof(Unflatten)] = Of<Unflatten>((m, x) => x.unflatten(m.dim, m.unflattened_size)),
        [typeof(Flatten)] = Of<Flatten>((m, x) => x.flatten(m.start_dim, m.end_dim)),
        [typeof(Dropout)] = Of<Dropout>((_, x) => x.alias()),
        [typeof(Dropout1d)] = Of<Dropout1d>((_, x) => x.alias()),
        [typeof(Dropout2d)] = Of<Dropout2d>((_, x) => x.alias()),
        [typeof(Dropout3d)] = Of<Dropout3d>((_, x) => x.alias()),
        [typeof(AlphaDropout)] = Of<AlphaDropout>((_, x) => x.alias()),
        [typeof(FeatureAlphaDropout)] = Of<FeatureAlphaDropout>((_, x) => x.alias()),
        [typeof(Identity)] = Of<Identity>((_, x) => x.alias()),
    };

    /// <summary>Records what a module computes.</summary>
    /// <exception cref="NotSupportedException">The module cannot be exported.</exception>
    public static TracedTensor Convert(Module module, TracedTensor input, GraphTrace trace)
    {
        if (module is ITraceable traceable)
        {
            return traceable.TraceForward(input);
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

    private static long[]? Array(long? size) => size is { } given ? [given] : null;

    private static Func<Module, TracedTensor, TracedTensor> Of<T>(Func<T, TracedTensor, TracedTensor> convert)
        where T : Module
        => (module, input) => convert((T)module, input);
}
