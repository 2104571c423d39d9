using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>An activation with quantized input, so that the layer before it can give integers: the base of those for ONNX Runtime.</summary>
/// <remarks>
/// ONNX Runtime computes a convolution in integers only if a quantizer stands right behind it, or behind a ReLU. The generator puts these modules into models with
/// <c>Target = QuantTarget.OnnxRuntime</c>. While the quantizer quantizes, they compute what the exported operators compute: intermediate values of a known
/// range, such as a sigmoid's, are rounded to integers too.
/// </remarks>
public abstract class QuantActivation : QuantInputModule
{
    private protected QuantActivation(string name, bool inplace, QuantDescriptor? input)
        : base(name, input ?? DefaultInput) => this.inplace = inplace;

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>Whether the result replaces the input, too.</summary>
    public bool inplace { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();

        // The backward pass needs the input as it was.
        Tensor given = inplace && input.requires_grad && is_grad_enabled() ? input.clone() : input;
        Tensor quantized = InputQuantizer.call(given);
        Tensor result = InputQuantizer.KnownRange is { } range ? Quantized(quantized, range) : Activate(quantized);
        if (inplace)
        {
            input.copy_(result);
            result = input.alias();
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>What the float module computes.</summary>
    /// <param name="input">The input, quantized or not.</param>
    private protected abstract Tensor Activate(Tensor input);

    /// <summary>What the exported operators compute of integers.</summary>
    /// <param name="input">The quantized input.</param>
    /// <param name="known">The integers for intermediate values of a known range.</param>
    private protected virtual Tensor Quantized(Tensor input, QuantRange known) => Activate(input);
}
