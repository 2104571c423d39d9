using QuantGen.Quantizers.State;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Brings trained weights into a quantized model, and back.</summary>
public static class WeightLoading
{
    /// <summary>
    /// Copies parameters and buffers of the same name from a model, as a rule from the float model to its quantized sibling, or from the fine-tuned sibling
    /// back
    /// to the float model.
    /// </summary>
    /// <remarks>
    /// Ranges are copied where both models have a quantizer of that name with the same number of bits; other quantizers of either model stay as they are.
    /// </remarks>
    /// <param name="model">The model to fill.</param>
    /// <param name="source">The model to copy from.</param>
    /// <exception cref="ArgumentException">
    /// A name that only one of the two has, or a different shape; the message lists them, and nothing has been copied.
    /// </exception>
    public static void LoadWeights(this Module model, Module source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ModelCopy.Run(source, model);
    }
}
