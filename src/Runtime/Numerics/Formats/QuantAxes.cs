using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace QuantGen;

/// <summary>The axes of a tensor that have a range each: one axis (<c>Axis = 0</c>) or several (<c>Axis = [0, 1]</c>).</summary>
/// <remarks>Compares by value. As in the reference, the one axis 0 and the list [0] mean the same but are not equal: they print differently.</remarks>
[CollectionBuilder(typeof(QuantAxes), nameof(Create))]
public sealed class QuantAxes : IReadOnlyList<int>, IEquatable<QuantAxes>
{
    private readonly int[] _axes;
    private readonly bool _isList;

    private QuantAxes(int[] axes, bool isList) => (_axes, _isList) = (axes, isList);

    /// <inheritdoc/>
    public int Count => _axes.Length;

    /// <inheritdoc/>
    public int this[int index] => _axes[index];

    /// <summary>Whether this is a list of axes, also one of a single axis.</summary>
    internal bool IsList => _isList;

    /// <summary>A list of axes.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    public static QuantAxes Create(ReadOnlySpan<int> axes) => new(axes.ToArray(), isList: true);

    /// <summary>One axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    public static QuantAxes FromInt32(int axis) => new([axis], isList: false);

    /// <summary>One axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    public static implicit operator QuantAxes(int axis) => FromInt32(axis);

    /// <summary>The other axes of a tensor: those to reduce when each of these has its own range.</summary>
    /// <param name="rank">The tensor's number of dimensions.</param>
    /// <exception cref="ArgumentException">An axis that a tensor of this rank does not have.</exception>
    public IReadOnlyList<int> Others(long rank)
    {
        HashSet<long> kept = [];
        foreach (int axis in _axes)
        {
            long index = axis < 0 ? axis + rank : axis;
            if (index < 0 || index >= rank)
            {
                throw new ArgumentException($"Axis {axis} of the quantizer is out of range for a tensor of {rank} dimensions.", nameof(rank));
            }

            kept.Add(index);
        }

        return [.. Enumerable.Range(0, (int)rank).Where(axis => !kept.Contains(axis))];
    }

    /// <inheritdoc/>
    public bool Equals(QuantAxes? other) => other is not null && _isList == other._isList && _axes.AsSpan().SequenceEqual(other._axes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as QuantAxes);

    /// <inheritdoc/>
    public override int GetHashCode() => _axes.Aggregate(17, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_axes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>0</c> for one axis, <c>(0,)</c> and <c>(0, 1)</c> for lists.</summary>
    public override string ToString()
    {
        string list = string.Join(", ", _axes.Select(axis => axis.ToString(CultureInfo.InvariantCulture)));
        return !_isList ? list : Count == 1 ? $"({list},)" : $"({list})";
    }
}
