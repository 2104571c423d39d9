using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <content>Conversions of whole models, also of compiled classes of which nobody has the source.</content>
public static partial class QuantModules
{
    /// <summary>
    /// Exchanges the layers inside a model of any class for their quantized counterparts: convolutions, linear layers, average pools, instance norms
    /// and LSTM cells, wherever fields, properties, collections and <c>Sequential</c>s hold them.
    /// </summary>
    /// <remarks>
    /// The model stays the object that it is; its layers are copied, so that references which others have to them, such as an optimizer's, are to the old ones.
    /// Additions and concatenations in its code get no quantizers: for these the generator needs its source.
    /// </remarks>
    /// <typeparam name="T">The class of the model.</typeparam>
    /// <param name="model">The model, such as <c>torchvision.models.resnet18()</c>.</param>
    /// <param name="input">How inputs are quantized; each counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized; of transposed convolutions on axis 1, the output channels, where it says axis 0.</param>
    /// <returns>What was quantized, and what stays in full precision and why.</returns>
    public static ConversionReport Convert<T>(T model, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelConversion(layer => LayerCounterpart(layer, input, weight)).Convert(model);
    }

    /// <summary>As <see cref="Convert(nn.Module{Tensor, Tensor}, QuantDescriptor, QuantDescriptor)"/>, with a report.</summary>
    /// <param name="module">The module. A layer and a <c>Sequential</c> stay usable and the caller's to dispose; any other is converted in place.</param>
    /// <param name="report">What was quantized, and what stays in full precision and why.</param>
    /// <param name="input">How inputs are quantized; each counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized; of transposed convolutions on axis 1, the output channels, where it says axis 0.</param>
    /// <returns>The counterpart, or the module itself.</returns>
    public static nn.Module<Tensor, Tensor> Convert(
        nn.Module<Tensor, Tensor> module, out ConversionReport report, QuantDescriptor? input = null, QuantDescriptor? weight = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        nn.Module<Tensor, Tensor> converted = Convert(module, input, weight);
        IEnumerable<(string name, nn.Module module)> all = converted.named_modules().Prepend((converted.GetType().Name, converted));
        report = new(
            [
                .. all.Where(entry => entry.module is QuantInputModule or QuantInputWeightModule or QuantLSTMCell)
                    .Select(entry => new ConvertedLayer(entry.name, entry.module.GetType().Name)),
            ],
            FloatLayers(converted));
        return converted;
    }

    /// <summary>Exchanges the layers inside a module that other code made, and gives the module itself.</summary>
    /// <remarks>
    /// The generator writes this call around what makes a module of a class that it does not see. <see cref="FloatLayers"/> tells what stays in full
    /// precision.
    /// </remarks>
    /// <typeparam name="T">The class of the module.</typeparam>
    /// <param name="module">The module; <see langword="null"/> gives <see langword="null"/>.</param>
    /// <param name="input">How inputs are quantized; each counterpart's default unless said otherwise.</param>
    /// <param name="weight">How weights are quantized.</param>
    /// <returns>The module.</returns>
    public static T ConvertLayers<T>(T module, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        where T : nn.Module?
    {
        if (module is not null)
        {
            Convert<nn.Module>(module, input, weight);
        }

        return module;
    }

    /// <summary>The layers of a model that have weights and are not quantized, and why, whether it was generated, converted, or neither.</summary>
    /// <param name="model">The model, which stays as it is.</param>
    public static IReadOnlyList<FloatLayer> FloatLayers(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelConversion(counterpart: null).Convert(model).Float;
    }

    private static nn.Module LayerCounterpart(nn.Module layer, QuantDescriptor? input, QuantDescriptor? weight)
        => layer is LSTMCell cell ? Convert(cell, input, weight) : Filled(Counterpart((nn.Module<Tensor, Tensor>)layer, input, weight)!, layer);
}
