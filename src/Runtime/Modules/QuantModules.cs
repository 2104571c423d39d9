using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Quantizes modules at run time, for those that come from code which the generator does not see.</summary>
public static partial class QuantModules
{
    /// <summary>
    /// The quantized counterpart of a convolution, a linear layer, an average pool or an instance norm (and, by an overload, of an LSTM or its cell), with a
    /// copy of its parameters and buffers;
    /// a <c>Sequential</c> of counterparts for a <c>Sequential</c>; any other module itself.
    /// </summary>
    /// <remarks>
    /// The generator writes this call around modules that other code makes. Max pools stay, as in generated code. The layers inside a module of
    /// another class are exchanged where it holds them, so that it is the same module afterwards; <see cref="FloatLayers"/> tells which could not be.
    /// </remarks>
    /// <param name="module">The module. It stays usable and the caller's to dispose, apart from one that is returned itself; <see langword="null"/> gives
    /// <see langword="null"/>.</param>
    /// <param name="input">How inputs are quantized; the counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized; of transposed convolutions on axis 1, the output channels, where it says axis 0.</param>
    /// <returns>The counterpart, on the same device, of the same type and in the same mode.</returns>
    [return: NotNullIfNotNull(nameof(module))]
    public static nn.Module<Tensor, Tensor>? Convert(nn.Module<Tensor, Tensor>? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
    {
        if (module is null)
        {
            return null;
        }

        if (module is Sequential sequential)
        {
            return Convert(sequential, input, weight);
        }

        return Counterpart(module, input, weight) is { } quantized ? Filled(quantized, module) : ConvertLayers(module, input, weight);
    }

    /// <inheritdoc cref="Convert(nn.Module{Tensor, Tensor}, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static Sequential? Convert(Sequential? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
    {
        if (module?.GetType() != typeof(Sequential))
        {
            return module;
        }

        Sequential converted = nn.Sequential([.. module.named_children().Select(child => (child.name, Child(child.module, input, weight)))]);
        converted.train(module.training);
        return converted;
    }

    /// <summary>The quantizers of a model by their names in the state dict, in the order in which they are registered.</summary>
    /// <param name="model">The model.</param>
    public static QuantizerList Quantizers(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model);
    }

    private static nn.Module<Tensor, Tensor> Child(nn.Module child, QuantDescriptor? input, QuantDescriptor? weight)
        => child is nn.Module<Tensor, Tensor> module
            ? Own(module, Convert(module, input, weight))
            : throw new ArgumentException($"A Sequential holds a '{child.GetName()}', which does not take one tensor and give one.", nameof(child));

    /// <summary>A layer without a counterpart, such as a batch norm, is copied, so that the two containers share nothing.</summary>
    private static nn.Module<Tensor, Tensor> Own(nn.Module<Tensor, Tensor> module, nn.Module<Tensor, Tensor> converted)
        => ReferenceEquals(module, converted) && ModuleCopy.Of(module) is nn.Module<Tensor, Tensor> copy ? copy : converted;

    private static nn.Module<Tensor, Tensor>? Counterpart(nn.Module<Tensor, Tensor> module, QuantDescriptor? input, QuantDescriptor? weight) => module switch
    {
        Linear linear => new QuantLinear(
            linear.in_features, linear.out_features, linear.bias is not null, linear.weight.device, linear.weight.dtype, input, weight),
        Convolution convolution => Convolution(convolution, input, weight),
        AvgPool1d pool => new QuantAvgPool1d(pool.kernel_size, pool.stride, pool.padding ?? 0, pool.ceil_mode, pool.count_include_pad, input),
        AvgPool2d pool => new QuantAvgPool2d(pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode, pool.count_include_pad, pool.divisor_override, input),
        AvgPool3d pool => new QuantAvgPool3d(pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode, pool.count_include_pad, pool.divisor_override, input),
        AdaptiveAvgPool1d pool => new QuantAdaptiveAvgPool1d(pool.output_size, input),
        AdaptiveAvgPool2d pool => new QuantAdaptiveAvgPool2d(pool.output_size, input),
        AdaptiveAvgPool3d pool => new QuantAdaptiveAvgPool3d(pool.output_size, input),
        InstanceNorm1d norm => new QuantInstanceNorm1d(
            norm.num_features, norm.eps, norm.momentum ?? 0, norm.affine, norm.track_running_stats, DeviceOf(norm), TypeOf(norm), input)
        {
            momentum = norm.momentum,
        },
        InstanceNorm2d norm => new QuantInstanceNorm2d(
            norm.num_features, norm.eps, norm.momentum ?? 0, norm.affine, norm.track_running_stats, DeviceOf(norm), TypeOf(norm), input)
        {
            momentum = norm.momentum,
        },
        InstanceNorm3d norm => new QuantInstanceNorm3d(
            norm.num_features, norm.eps, norm.momentum ?? 0, norm.affine, norm.track_running_stats, DeviceOf(norm), TypeOf(norm), input)
        {
            momentum = norm.momentum,
        },
        _ => null,
    };

    private static nn.Module<Tensor, Tensor>? Convolution(Convolution module, QuantDescriptor? input, QuantDescriptor? weight)
    {
        (long from, long to, long groups, bool bias) = (module.in_channels, module.out_channels, module.groups, module.bias is not null);
        (Device device, ScalarType dtype, PaddingModes mode) = (module.weight.device, module.weight.dtype, module.padding_mode);
        (long[] k, long[] s, long[] d, long[] o) = (module.kernel_size, module.stride, module.dilation, module.output_padding);
        QuantDescriptor? across = module.transposed && weight?.Axis is [0] ? weight with { Axis = 1 } : weight;
        if (module.padding_type is { } padding && !module.transposed)
        {
            return module switch
            {
                Conv1d => new QuantConv1d(from, to, k[0], padding, s[0], d[0], mode, groups, bias, device, dtype, input, weight),
                Conv2d => new QuantConv2d(from, to, (k[0], k[1]), padding, (s[0], s[1]), (d[0], d[1]), mode, groups, bias, device, dtype, input, weight),
                Conv3d => new QuantConv3d(
                    from, to, (k[0], k[1], k[2]), padding, (s[0], s[1], s[2]), (d[0], d[1], d[2]), mode, groups, bias, device, dtype, input, weight),
                _ => null,
            };
        }

        long[] p = module.padding ?? new long[k.Length];
        return module switch
        {
            Conv1d => new QuantConv1d(from, to, k[0], s[0], p[0], d[0], mode, groups, bias, device, dtype, input, weight),
            Conv2d => new QuantConv2d(from, to, (k[0], k[1]), (s[0], s[1]), (p[0], p[1]), (d[0], d[1]), mode, groups, bias, device, dtype, input, weight),
            Conv3d => new QuantConv3d(
                from, to, (k[0], k[1], k[2]), (s[0], s[1], s[2]), (p[0], p[1], p[2]), (d[0], d[1], d[2]), mode, groups, bias, device, dtype, input, weight),
            ConvTranspose1d => new QuantConvTranspose1d(from, to, k[0], s[0], p[0], o[0], d[0], mode, groups, bias, device, dtype, input, across),
            ConvTranspose2d => new QuantConvTranspose2d(
                from, to, (k[0], k[1]), (s[0], s[1]), (p[0], p[1]), (o[0], o[1]), (d[0], d[1]), mode, groups, bias, device, dtype, input, across),
            ConvTranspose3d => new QuantConvTranspose3d(
                from, to, (k[0], k[1], k[2]), (s[0], s[1], s[2]), (p[0], p[1], p[2]), (o[0], o[1], o[2]), (d[0], d[1], d[2]), mode, groups, bias, device, dtype, input, across),
            _ => null,
        };
    }

    private static Device? DeviceOf(nn.Module norm) => norm.state_dict().Values.FirstOrDefault()?.device;

    private static ScalarType? TypeOf(nn.Module norm) => norm.state_dict().Values.FirstOrDefault()?.dtype;
}
