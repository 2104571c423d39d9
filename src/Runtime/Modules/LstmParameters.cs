using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Parameters and arguments that LSTM and its cell have in common.</summary>
internal static class LstmParameters
{
    /// <summary>New parameters, uniform in ±1/√hidden, with the names of PyTorch: <c>weight_ih</c> and so on, with a suffix.</summary>
    public static IEnumerable<(string Name, Parameter Value)> Create(
        string suffix, long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype)
    {
        double bound = 1 / Math.Sqrt(hiddenSize);
        yield return ("weight_ih" + suffix, ModuleParameters.Uniform([4 * hiddenSize, inputSize], bound, device, dtype));
        yield return ("weight_hh" + suffix, ModuleParameters.Uniform([4 * hiddenSize, hiddenSize], bound, device, dtype));
        if (bias)
        {
            yield return ("bias_ih" + suffix, ModuleParameters.Uniform([4 * hiddenSize], bound, device, dtype));
            yield return ("bias_hh" + suffix, ModuleParameters.Uniform([4 * hiddenSize], bound, device, dtype));
        }
    }

    /// <summary>The names of one cell's parameters, in PyTorch's order.</summary>
    public static string[] Names(string suffix, bool bias)
        => ["weight_ih" + suffix, "weight_hh" + suffix, .. bias ? ["bias_ih" + suffix, "bias_hh" + suffix] : Array.Empty<string>()];

    /// <summary>Sizes must be positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not.</exception>
    public static void CheckSizes(long inputSize, long hiddenSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
    }

    /// <summary>The states given, after a check of their shapes, or zeros.</summary>
    /// <exception cref="ArgumentException">A state of another shape.</exception>
    public static (Tensor H, Tensor C) InitialState(Tensor input, (Tensor H, Tensor C)? given, long[] shape)
    {
        if (given is not { } state)
        {
            Tensor start = zeros(shape, dtype: input.dtype, device: input.device);
            return (start, start);
        }

        CheckShape(state.H, shape, "h0");
        CheckShape(state.C, shape, "c0");
        return state;
    }

    /// <summary>
    /// Type and device must be those of the weights. LibTorch would say so on standard error only, and quantizing would go on in another type than the weights
    /// have.
    /// </summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void CheckLike(Tensor value, Tensor weight, string parameter)
    {
        if (value.dtype != weight.dtype || value.device_type != weight.device_type || value.device_index != weight.device_index)
        {
            throw new ArgumentException($"{parameter} is {value.dtype} on {value.device}, but the weights are {weight.dtype} on {weight.device}.", parameter);
        }
    }

    /// <summary>Compares a shape with the expected one, in which -1 is any size.</summary>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public static void CheckShape(Tensor value, long[] shape, string parameter)
    {
        long[] actual = value.shape;
        if (actual.Length != shape.Length || actual.Where((size, i) => shape[i] >= 0 && size != shape[i]).Any())
        {
            string expected = string.Join(", ", shape.Select(size => size < 0 ? "*" : $"{size}"));
            throw new ArgumentException($"{parameter} has shape [{string.Join(", ", actual)}], but must have shape [{expected}].", parameter);
        }
    }
}
