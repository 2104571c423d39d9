using QuantGen.Onnx.Tracing;
using QuantGen.Onnx.Tracing.Converters;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx;

/// <summary>Calls modules with traced tensors.</summary>
public static partial class TracedModules
{
    /// <summary>Records what a module computes.</summary>
    /// <param name="module">A traceable module, a container, a quantizer or a module that the export knows.</param>
    /// <param name="input">The traced input.</param>
    /// <returns>The traced output.</returns>
    /// <exception cref="NotSupportedException">The module, or what it does with this input, cannot be exported; the message names it.</exception>
    /// <remarks>Hooks of the module are not run: what they do is not part of the export.</remarks>
    public static TracedTensor call(this IModule<Tensor, Tensor> module, TracedTensor input)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(input);
        if (input.Trace is not { } trace)
        {
            // A module of a constant is a constant; one that is quantized goes into the graph with its quantizer.
            return module is TensorQuantizer quantizer ? QuantizerConverter.Constant(quantizer, input.Value) : module.call(input.Value);
        }

        return trace.Inside((Module)module, () => ModuleConverters.Convert((Module)module, input, trace));
    }

    /// <inheritdoc cref="call(IModule{Tensor, Tensor}, TracedTensor)"/>
    public static TracedTensor forward(this IModule<Tensor, Tensor> module, TracedTensor input) => module.call(input);
}
