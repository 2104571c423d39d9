using QuantGen.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Puts weights on their quantized grid for good.</summary>
public static class WeightRounding
{
    /// <summary>
    /// Replaces the values of every quantized module's weight by their quantized ones (relax-and-round training). Disabled quantizers leave theirs.
    /// </summary>
    /// <param name="model">The model; or a quantized module itself.</param>
    public static void QuantizeWeightsInPlace(this Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGrad = no_grad();
        foreach (IWeightRounding module in model.modules().Prepend(model).OfType<IWeightRounding>())
        {
            module.RoundWeights();
        }
    }
}
