using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>Records the modules of a <see cref="Sequential"/> one after the other.</summary>
internal static class SequentialConverter
{
    /// <summary>Whether a module is a <see cref="Sequential"/>, or a class derived from it that computes the same.</summary>
    public static bool CanConvert(nn.Module module)
        => module is Sequential
            && module.GetType().GetMethod(nameof(TorchSharp.Modules.Sequential.forward), [typeof(Tensor)])?.DeclaringType == typeof(Sequential);

    /// <summary>Records.</summary>
    public static TracedTensor Record(Sequential module, TracedTensor input)
    {
        // The caller's tensor stays the caller's: only changes in place of a module further down may reach it.
        TracedTensor current = input;
        for (int i = 0; i < module.Count; i++)
        {
            current = module[i].call(current);
        }

        return current;
    }
}
