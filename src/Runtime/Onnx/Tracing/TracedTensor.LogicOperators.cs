using TorchSharp;

namespace QuantGen.Onnx;

// Comparisons by operators, but for == and !=, by which C# asks whether two objects are one.
public sealed partial class TracedTensor
{
    /// <summary>Whether elements of one tensor are greater than those of another.</summary>
    public static TracedTensor operator >(TracedTensor left, TracedTensor right) => left.gt(right);

    /// <summary>Whether elements are greater than a number.</summary>
    public static TracedTensor operator >(TracedTensor left, Scalar right) => left.gt(right);

    /// <summary>Whether a number is greater than elements.</summary>
    public static TracedTensor operator >(Scalar left, TracedTensor right) => right.lt(left);

    /// <summary>Whether elements of one tensor are less than those of another.</summary>
    public static TracedTensor operator <(TracedTensor left, TracedTensor right) => left.lt(right);

    /// <summary>Whether elements are less than a number.</summary>
    public static TracedTensor operator <(TracedTensor left, Scalar right) => left.lt(right);

    /// <summary>Whether a number is less than elements.</summary>
    public static TracedTensor operator <(Scalar left, TracedTensor right) => right.gt(left);

    /// <summary>Whether elements of one tensor are not less than those of another.</summary>
    public static TracedTensor operator >=(TracedTensor left, TracedTensor right) => left.ge(right);

    /// <summary>Whether elements are not less than a number.</summary>
    public static TracedTensor operator >=(TracedTensor left, Scalar right) => left.ge(right);

    /// <summary>Whether a number is not less than elements.</summary>
    public static TracedTensor operator >=(Scalar left, TracedTensor right) => right.le(left);

    /// <summary>Whether elements of one tensor are not greater than those of another.</summary>
    public static TracedTensor operator <=(TracedTensor left, TracedTensor right) => left.le(right);

    /// <summary>Whether elements are not greater than a number.</summary>
    public static TracedTensor operator <=(TracedTensor left, Scalar right) => left.le(right);

    /// <summary>Whether a number is not greater than elements.</summary>
    public static TracedTensor operator <=(Scalar left, TracedTensor right) => right.ge(left);

    /// <summary>Whether both elements are true.</summary>
    public static TracedTensor operator &(TracedTensor left, TracedTensor right) => left.Bits(right).logical_and(right);

    /// <summary>Whether one of the elements is true, or both.</summary>
    public static TracedTensor operator |(TracedTensor left, TracedTensor right) => left.Bits(right).logical_or(right);

    /// <summary>Whether just one of the elements is true.</summary>
    public static TracedTensor operator ^(TracedTensor left, TracedTensor right) => left.Bits(right).logical_xor(right);

    /// <summary>Whether elements are false.</summary>
    public static TracedTensor operator ~(TracedTensor left) => left.Bits(left).logical_not();

    private TracedTensor Bits(TracedTensor other)
        => dtype == torch.ScalarType.Bool && other.dtype == torch.ScalarType.Bool
            ? this
            : throw new NotSupportedException("Operations on the bits of integers cannot be exported; of truth values they can.");
}
