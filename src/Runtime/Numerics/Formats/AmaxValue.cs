using System.Globalization;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>A fixed amax of a descriptor: one number, or an array of any shape. Immutable; compares by value.</summary>
public sealed class AmaxValue : IEquatable<AmaxValue>
{
    private readonly float[] _values;
    private readonly long[] _shape;

    /// <summary>An array of amax values.</summary>
    /// <param name="values">The values in row-major order; none is negative, infinite or NaN.</param>
    /// <param name="shape">The shape, which broadcasts to that of the tensors to quantize; empty for one number.</param>
    /// <exception cref="ArgumentException">A value that is negative, infinite or NaN, or a shape of another number of elements.</exception>
    public AmaxValue(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values do not fill the shape [{string.Join(", ", shape.ToArray())}].", nameof(values));
        }

        foreach (float value in values)
        {
            if (!(value >= 0 && float.IsFinite(value)))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"amax is the largest absolute value, finite and not negative, but {value} was given."), nameof(
                        values));
            }
        }

        (_values, _shape) = (values.ToArray(), shape.ToArray());
    }

    /// <summary>The values in row-major order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The shape; empty for one number.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>One number.</summary>
    /// <param name="value">The amax, not negative.</param>
    public static implicit operator AmaxValue(float value) => FromSingle(value);

    /// <summary>A vector.</summary>
    /// <param name="values">The amax values, none negative.</param>
    public static implicit operator AmaxValue(float[] values) => FromArray(values);

    /// <summary>One number.</summary>
    /// <param name="value">The amax, not negative.</param>
    public static AmaxValue FromSingle(float value) => new([value], []);

    /// <summary>A vector.</summary>
    /// <param name="values">The amax values, none negative.</param>
    public static AmaxValue FromArray(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(values, [values.Length]);
    }

    /// <summary>The values of a tensor, as float32.</summary>
    internal static AmaxValue Of(Tensor amax)
    {
        using var scope = NewDisposeScope();
        return new([.. amax.detach().to(ScalarType.Float32).cpu().contiguous().data<float>()], amax.shape);
    }

    /// <summary>A float32 tensor on the CPU.</summary>
    public Tensor ToTensor() => tensor(_values, _shape, dtype: ScalarType.Float32);

    /// <inheritdoc/>
    public bool Equals(AmaxValue? other)
        => other is not null && _values.AsSpan().SequenceEqual(other._values) && _shape.AsSpan().SequenceEqual(other._shape);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AmaxValue);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_shape.Length, HashCode.Combine);

    /// <summary>A number, or lists of numbers nested as deep as the shape has dimensions.</summary>
    internal object ToNested()
    {
        object[] level = [.. _values.Select(value => (object)(double)value)];
        for (int axis = _shape.Length - 1; axis > 0; axis--)
        {
            level = [.. level.Chunk((int)_shape[axis])];
        }

        return _shape.Length == 0 ? level[0] : level;
    }

    /// <summary>The number widened to double, or the array with the shortest digits, as the reference prints them.</summary>
    public override string ToString() => _shape.Length == 0 ? ReferenceText.Number(_values[0]) : ReferenceText.Array(_values, _shape);
}
