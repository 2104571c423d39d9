using System.Diagnostics.CodeAnalysis;
using QuantGen.Quantizers.State;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <content>Conversions of modules whose type is known: the counterpart has a type too.</content>
public static partial class QuantModules
{
    /// <summary>The quantized counterpart of a layer, with a copy of its parameters and buffers.</summary>
    /// <param name="module">The layer, which stays usable and the caller's to dispose; <see langword="null"/> gives <see langword="null"/>.</param>
    /// <param name="input">How inputs are quantized; the counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized, where the layer has some; of transposed convolutions on axis 1, the output channels, where it says axis
    /// 0.</param>
    /// <returns>The counterpart, on the same device, of the same type and in the same mode.</returns>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantLinear? Convert(Linear? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantLinear>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConv1d? Convert(Conv1d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConv1d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConv2d? Convert(Conv2d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConv2d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConv3d? Convert(Conv3d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConv3d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConvTranspose1d? Convert(ConvTranspose1d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConvTranspose1d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConvTranspose2d? Convert(ConvTranspose2d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConvTranspose2d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantConvTranspose3d? Convert(ConvTranspose3d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantConvTranspose3d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAvgPool1d? Convert(AvgPool1d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAvgPool1d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAvgPool2d? Convert(AvgPool2d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAvgPool2d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAvgPool3d? Convert(AvgPool3d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAvgPool3d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAdaptiveAvgPool1d? Convert(AdaptiveAvgPool1d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAdaptiveAvgPool1d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAdaptiveAvgPool2d? Convert(AdaptiveAvgPool2d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAdaptiveAvgPool2d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantAdaptiveAvgPool3d? Convert(AdaptiveAvgPool3d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantAdaptiveAvgPool3d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantInstanceNorm1d? Convert(InstanceNorm1d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantInstanceNorm1d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantInstanceNorm2d? Convert(InstanceNorm2d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantInstanceNorm2d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantInstanceNorm3d? Convert(InstanceNorm3d? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        => Typed<QuantInstanceNorm3d>(module, input, weight);

    /// <inheritdoc cref="Convert(Linear, QuantDescriptor, QuantDescriptor)"/>
    [return: NotNullIfNotNull(nameof(module))]
    public static QuantLSTMCell? Convert(LSTMCell? module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
    {
        if (module is null)
        {
            return null;
        }

        Dictionary<string, Tensor> state = module.state_dict();
        Tensor first = state["weight_ih"];
        return Filled(
            new QuantLSTMCell(first.shape[1], state["weight_hh"].shape[1], state.ContainsKey("bias_ih"), first.device, first.dtype, input, weight), module);
    }

    /// <summary>The quantized counterpart of an LSTM, with a copy of its parameters.</summary>
    /// <remarks>The generator does not write this call: TorchSharp's module does not tell two of its settings, so that the caller has to.</remarks>
    /// <param name="module">The LSTM, which stays usable and the caller's to dispose.</param>
    /// <param name="batchFirst">Whether input and output are [N, L, features]; as <paramref name="module"/> was made.</param>
    /// <param name="dropout">The probability of dropout between layers, while training; as <paramref name="module"/> was made.</param>
    /// <param name="input">How inputs and hidden states are quantized; the counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized; the counterpart's default unless said otherwise.</param>
    /// <returns>The counterpart, on the same device, of the same type and in the same mode.</returns>
    public static QuantLSTM Convert(LSTM module, bool batchFirst, double dropout, QuantDescriptor? input = null, QuantDescriptor? weight = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        Dictionary<string, Tensor> state = module.state_dict();
        bool bidirectional = state.ContainsKey("weight_ih_l0_reverse");
        long layers = state.Keys.Count(name => name.StartsWith("weight_ih_l", StringComparison.Ordinal)) / (bidirectional ? 2 : 1);
        Tensor first = state["weight_ih_l0"];
        return Filled(
            new QuantLSTM(
                first.shape[1], state["weight_hh_l0"].shape[1], layers, state.ContainsKey("bias_ih_l0"), batchFirst, dropout, bidirectional, first.device, first.dtype, input, weight),
            module);
    }

    [return: NotNullIfNotNull(nameof(module))]
    private static T? Typed<T>(nn.Module<Tensor, Tensor>? module, QuantDescriptor? input, QuantDescriptor? weight)
        where T : nn.Module<Tensor, Tensor>
        => module is null ? null : (T)Filled(Counterpart(module, input, weight)!, module);

    private static T Filled<T>(T quantized, nn.Module module)
        where T : nn.Module
    {
        ModelCopy.Run(module, quantized);
        quantized.train(module.training);
        return quantized;
    }
}
