using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>What of its quantizers goes into a model's file.</summary>
public enum SavedRanges
{
    /// <summary>
    /// All that <see cref="QuantizedState.LoadState(Module, string, WeightLoadOptions?)"/> takes back: ranges, and the formats that they were found for.
    /// </summary>
    All,

    /// <summary>Ranges under the names of pytorch-quantization, which knows no <c>_format</c> and would refuse it.</summary>
    Reference,

    /// <summary>None: weights alone, as the float model has them.</summary>
    None,
}
