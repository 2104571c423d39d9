using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

/// <summary>Where QuantGen differs from the reference on purpose; each has a row in docs/reference-differences.md.</summary>
internal static class ReferenceDifferences
{
    /// <summary>Types: the result has the input's type, and half precision is computed in single precision to the end.</summary>
    public static bool Types(GoldenCase golden, Tensor input, Tensor amax) => false;
}
