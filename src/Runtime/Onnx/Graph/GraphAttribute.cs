namespace QuantGen.Onnx.Graph;

/// <summary>
/// The value of a node's attribute: a <see cref="long"/>, <see cref="float"/>, <see cref="string"/> or an array of <see cref="long"/> or <see cref="string"/>.
/// </summary>
internal sealed class GraphAttribute
{
    private GraphAttribute(object value) => Value = value;

    /// <summary>The value.</summary>
    public object Value { get; }

    public static implicit operator GraphAttribute(long value) => new(value);

    public static implicit operator GraphAttribute(float value) => new(value);

    public static implicit operator GraphAttribute(string value) => new(value);

    public static implicit operator GraphAttribute(long[] value) => new(value);

    public static implicit operator GraphAttribute(string[] value) => new(value);
}
