using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Tracing;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// In a file, all floating-point numbers are of 32 bits: from one such type to another nothing happens there.
public sealed partial class TracedTensor
{
    /// <summary>The elements in another type: the same tensor where it is of this type already.</summary>
    /// <param name="type">The type. Files have one floating-point type, float32: a change to another one rounds in C# only.</param>
    /// <param name="copy">Whether it is a new tensor in any case.</param>
    /// <param name="disposeAfter">Not used.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        => type != dtype ? As(type) : copy ? clone() : alias();

    /// <inheritdoc cref="to(ScalarType, bool, bool, bool)"/>
    /// <param name="type">The type.</param>
    /// <param name="device">Not used: an export has one device.</param>
    /// <param name="copy">Whether it is a new tensor in any case.</param>
    /// <param name="disposeAfter">Not used.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(type, copy);

    /// <summary>The tensor as it is: an export has one device.</summary>
    /// <param name="device">Not used.</param>
    /// <param name="copy">Whether it is a new tensor in any case.</param>
    /// <param name="disposeAfter">Not used.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(dtype, copy);

    /// <inheritdoc cref="to(Device, bool, bool, bool)"/>
    public TracedTensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(dtype, copy);

    /// <inheritdoc cref="to(Device, bool, bool, bool)"/>
    /// <param name="deviceType">Not used.</param>
    /// <param name="deviceIndex">Not used.</param>
    /// <param name="copy">Whether it is a new tensor in any case.</param>
    /// <param name="disposeAfter">Not used.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor to(TorchSharp.DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        => to(dtype, copy);

    /// <summary>The elements in the type of another tensor.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor to(TracedTensor other, bool non_blocking = false) => to(other.dtype);

    /// <inheritdoc cref="to(ScalarType, bool, bool, bool)"/>
    public TracedTensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(type, copy);

    /// <inheritdoc cref="to(TracedTensor, bool)"/>
    /// <param name="tensor">The other tensor.</param>
    public TracedTensor type_as(TracedTensor tensor) => to(tensor.dtype);

    /// <inheritdoc cref="to(ScalarType, bool, bool, bool)"/>
    /// <param name="dtype">The type.</param>
    public TracedTensor type(ScalarType dtype) => to(dtype);

    /// <summary>The elements as 32-bit floating-point numbers.</summary>
    public TracedTensor @float() => to(ScalarType.Float32);

    /// <summary>The elements as 64-bit floating-point numbers, of 32 bits in the file.</summary>
    public TracedTensor @double() => to(ScalarType.Float64);

    /// <summary>The elements as 16-bit floating-point numbers, of 32 bits in the file.</summary>
    public TracedTensor half() => to(ScalarType.Float16);

    /// <summary>The elements as bfloat16 numbers, of 32 bits in the file.</summary>
    public TracedTensor bfloat16() => to(ScalarType.BFloat16);

    /// <summary>The elements as 64-bit integers, without their fraction.</summary>
    public TracedTensor @long() => to(ScalarType.Int64);

    /// <summary>The elements as 32-bit integers, without their fraction.</summary>
    public TracedTensor @int() => to(ScalarType.Int32);

    /// <summary>Whether elements are other than zero.</summary>
    public TracedTensor @bool() => to(ScalarType.Bool);

    /// <summary>The tensor as it is: an export has one device.</summary>
    public TracedTensor cpu() => alias();

    /// <inheritdoc cref="cpu"/>
    /// <param name="device">Not used.</param>
    /// <param name="non_blocking">Not used.</param>
    public TracedTensor cuda(Device? device = null, bool non_blocking = false) => alias();

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool is_floating_point() => Value.is_floating_point();

    /// <summary>This tensor where it is of the type, otherwise a new one.</summary>
    internal TracedTensor As(ScalarType type)
    {
        if (type == dtype)
        {
            return this;
        }

        ElementType wanted = ElementTypes.Of(type);
        Tensor converted = Value.to(type);
        return wanted == ElementTypes.Of(dtype) ? Copy(converted) : Record("Cast", converted, [this], ("to", (long)wanted));
    }
}
