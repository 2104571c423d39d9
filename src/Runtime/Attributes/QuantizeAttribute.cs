namespace QuantGen;

/// <summary>Makes the build write the quantized sibling of a TorchSharp model: <c>QuantNet</c> beside <c>Net</c>.</summary>
/// <remarks>
/// A specification string is a list of tokens, separated by spaces or commas, in any order; they are checked while you type:
/// <c>2bit</c> to <c>16bit</c>, <c>fp8</c> (E4M3); <c>per-tensor</c>, <c>per-channel</c>, <c>axis=N</c>; <c>affine</c>, <c>symmetric</c>; <c>unsigned</c>, <c>narrow</c>;
/// <c>max</c>, <c>entropy</c>, <c>mse</c>, <c>percentile=99.99</c>; <c>learned</c>; <c>none</c>.
/// What is not said takes the default: 8 bits, activations per tensor and for ONNX Runtime affine, weights per output channel.
/// Several attributes on one class make several siblings, told apart by <see cref="Name"/>.
/// On a field or property, <see cref="Input"/> and <see cref="Weight"/> say how that module is quantized instead, also one that
/// is quantized on request only, as a max pool is; with a <see cref="Name"/>, in that sibling only.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class QuantizeAttribute : Attribute
{
    /// <summary>Quantizes the class, or the module in the field, that it stands on.</summary>
    public QuantizeAttribute()
    {
    }

    /// <summary>Quantizes a class of this project that shall stay untouched: <c>[assembly: Quantize(typeof(Net))]</c>.</summary>
    /// <param name="model">The class.</param>
    public QuantizeAttribute(Type model) => Model = model;

    /// <summary>The class, where the attribute stands on the assembly.</summary>
    public Type? Model { get; }

    /// <summary>
    /// On a class, the fields and properties that this attribute is for, so that it says how these modules are quantized and makes no sibling: names in which
    /// <c>*</c>
    /// stands for anything, separated by commas, as in <c>"head*"</c>.
    /// </summary>
    public string Fields { get; set; } = "";

    /// <summary>How the inputs of quantized modules are quantized, such as <c>"8bit"</c>.</summary>
    public string Input { get; set; } = "";

    /// <summary>How weights are quantized, such as <c>"4bit per-channel"</c>.</summary>
    public string Weight { get; set; } = "";

    /// <summary>How the residual operand of an addition is quantized; as <see cref="Input"/> unless said otherwise.</summary>
    public string Residual { get; set; } = "";

    /// <summary>
    /// Whether the operands of operations that are called as functions are quantized too: of <c>matmul</c>, <c>mm</c>, <c>bmm</c>, <c>mv</c> and
    /// <c>einsum</c> of two tensors, and of <c>functional.conv*</c>, <c>functional.linear</c> and the average pools. Otherwise only modules are.
    /// </summary>
    public bool Functional { get; set; }

    /// <summary>The name of the generated class; <c>Quant</c> and the name of the model unless said otherwise.</summary>
    public string? Name { get; set; }

    /// <summary>The runtime whose rules decide where quantizers go.</summary>
    public QuantTarget Target { get; set; } = QuantTarget.TensorRT;
}
