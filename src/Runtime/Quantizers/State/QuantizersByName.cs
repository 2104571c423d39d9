using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Quantizers.State;

/// <summary>The quantizers of a model by their names in its state dict; "" for a model that is one.</summary>
internal static class QuantizersByName
{
    /// <summary>Each name once.</summary>
    public static Dictionary<string, TensorQuantizer> Of(Module model)
    {
        Dictionary<string, TensorQuantizer> quantizers = [];
        foreach ((string name, Module module) in model.named_modules().Prepend(("", model)))
        {
            if (module is TensorQuantizer quantizer)
            {
                quantizers.TryAdd(name, quantizer);
            }
        }

        return quantizers;
    }

    /// <summary>The name of a quantizer's own entry in the state dict of its model.</summary>
    public static string Key(string quantizer, string entry) => quantizer.Length == 0 ? entry : $"{quantizer}.{entry}";

    /// <summary>Tells quantizers that saw no tensor yet the type and the device of the weights around them, which their ranges will have.</summary>
    public static void Place(Module model)
    {
        Tensor? first = model.parameters().FirstOrDefault(parameter => parameter.is_floating_point());
        Dictionary<string, Tensor>? weights = null;
        foreach ((string name, TensorQuantizer quantizer) in Of(model).Where(entry => !entry.Value.IsPlaced))
        {
            weights ??= model.named_parameters().Where(
                entry => entry.parameter.is_floating_point() && !entry.name.Contains("clip.clip_value_", StringComparison.Ordinal))
                .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
            string module = name[..(name.LastIndexOf('.') + 1)];
            if ((weights.FirstOrDefault(entry => entry.Key.StartsWith(module, StringComparison.Ordinal)).Value ?? first) is { } like)
            {
                quantizer.PlaceLike(like);
            }
        }
    }
}
