namespace QuantGen.Onnx;

/// <summary>A module that can be traced for an export: its <c>forward</c> once more over traced tensors.</summary>
/// <remarks>Classes that <c>[Quantize]</c> generates implement it. A hand-written module can too, with the same body as its <c>forward</c>.</remarks>
public interface ITraceable
{
    /// <summary>Records what <c>forward</c> computes.</summary>
    /// <param name="input">The traced input.</param>
    /// <returns>The traced output.</returns>
    TracedTensor TraceForward(TracedTensor input);
}
