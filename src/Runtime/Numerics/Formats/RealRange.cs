namespace QuantGen.Numerics.Formats;

/// <summary>The smallest range of real numbers that 8-bit integers are spread over.</summary>
internal static class RealRange
{
    /// <summary>
    /// The distance between neighbouring integers where the range is as good as empty. ONNX Runtime's own quantization tool takes 0.0001 for the
    /// smallest range (<c>MinimumRealRange</c>): some of its execution providers cannot do with less.
    /// </summary>
    public const float SmallestStep = 0.0001f / 255;
}
