using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Comparisons and truth values.
public sealed partial class TracedTensor
{
    /// <summary>Elements of the one tensor where this one is true, of the other where it is not.</summary>
    internal TracedTensor where(TracedTensor x, TracedTensor y)
    {
        Tensor value = torch.where(Value, x.Value, y.Value);
        return Record("Where", value, [this, x.As(value.dtype), y.As(value.dtype)]);
    }
}
