using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A module that can put its weights on their quantized grid.</summary>
internal interface IWeightRounding
{
    /// <summary>Replaces the weights' values by their quantized ones; called without recording gradients.</summary>
    void RoundWeights();

    /// <summary>Does so for two weights that share a quantizer, side by side.</summary>
    static void Round(TensorQuantizer quantizer, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        Tensor[] rounded = quantizer.call(cat([first, second], 1)).split([first.shape[1], second.shape[1]], 1);
        first.copy_(rounded[0]);
        second.copy_(rounded[1]);
    }
}
