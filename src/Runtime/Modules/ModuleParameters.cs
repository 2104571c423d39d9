using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>New parameters with the initial distribution of TorchSharp's own modules, drawn in the same order, so that a seed gives the same weights.</summary>
internal static class ModuleParameters
{
    /// <summary>Kaiming-uniform with a = √5, that is uniform in ±1/√fan-in.</summary>
    public static Parameter Weight(long[] shape, Device? device, ScalarType? dtype)
    {
        Tensor weight = empty(shape, dtype: dtype, device: device);
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        return Owned(weight);
    }

    /// <summary>The weight of a convolution, [out, in / groups, kernel…], or of a transposed one, [in, out / groups, kernel…].</summary>
    /// <exception cref="ArgumentException">Channels that cannot be divided by the number of groups.</exception>
    public static Parameter ConvolutionWeight(
        long in_channels, long out_channels, long groups, long[] kernel, bool transposed, Device? device, ScalarType? dtype)
    {
        if (groups < 1 || in_channels % groups != 0 || out_channels % groups != 0)
        {
            throw new ArgumentException(
                $"in_channels and out_channels must be divisible by groups; got {in_channels}, {out_channels} and {groups}.", nameof(groups));
        }

        return Weight(transposed ? [in_channels, out_channels / groups, .. kernel] : [out_channels, in_channels / groups, .. kernel], device, dtype);
    }

    /// <summary>Uniform in ±1/√fan-in; null where there is to be no bias.</summary>
    public static Parameter? Bias(bool hasBias, long count, long fanIn, Device? device, ScalarType? dtype)
        => hasBias ? Uniform([count], fanIn == 0 ? 0 : 1 / Math.Sqrt(fanIn), device, dtype) : null;

    /// <summary>Uniform in ±<paramref name="bound"/>.</summary>
    public static Parameter Uniform(long[] shape, double bound, Device? device, ScalarType? dtype)
    {
        Tensor values = empty(shape, dtype: dtype, device: device);
        nn.init.uniform_(values, -bound, bound);
        return Owned(values);
    }

    /// <summary>Draws weight and bias anew.</summary>
    public static void Reset(Parameter weight, Parameter? bias)
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        long fanIn = weight.shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        if (bias is not null && fanIn > 0)
        {
            nn.init.uniform_(bias, -1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn));
        }
    }

    /// <summary>A parameter that lives as long as its module, also where that is made inside a dispose scope.</summary>
    public static Parameter Owned(Tensor values) => (Parameter)new Parameter(values).DetachFromDisposeScope();

    /// <summary>The number of elements of a kernel.</summary>
    public static long Volume(long[] kernel) => kernel.Aggregate(1L, (product, size) => product * size);
}
