using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>New parameters with the initial distribution of TorchSharp's own modules.</summary>
internal static class ModuleParameters
{
    /// <summary>Kaiming-uniform with a = √5, that is uniform in ±1/√fan-in.</summary>
    public static Parameter Weight(long[] shape, Device? device, ScalarType? dtype)
    {
        Tensor weight = empty(shape, dtype: dtype, device: device);
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        return new Parameter(weight);
    }

    /// <summary>Uniform in ±1/√fan-in; null where there is to be no bias.</summary>
    public static Parameter? Bias(bool hasBias, long count, long fanIn, Device? device, ScalarType? dtype)
    {
        if (!hasBias)
        {
            return null;
        }

        double bound = fanIn == 0 ? 0 : 1 / Math.Sqrt(fanIn);
        Tensor bias = empty([count], dtype: dtype, device: device);
        nn.init.uniform_(bias, -bound, bound);
        return new Parameter(bias);
    }
}
