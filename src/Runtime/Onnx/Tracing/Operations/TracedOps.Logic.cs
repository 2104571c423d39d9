namespace QuantGen.Onnx;

// Comparisons, truth values, and what is chosen by them.
public static partial class TracedOps
{
    /// <summary>Elements of the one tensor where a condition is true, of the other where it is not.</summary>
    /// <param name="condition">Truth values.</param>
    /// <param name="x">The one tensor.</param>
    /// <param name="y">The other; all three broadcast.</param>
    public static TracedTensor where(TracedTensor condition, TracedTensor x, TracedTensor y) => condition.where(x, y);

    /// <inheritdoc cref="TracedTensor.eq(TracedTensor)"/>
    public static TracedTensor eq(TracedTensor left, TracedTensor right) => left.eq(right);

    /// <inheritdoc cref="TracedTensor.ne(TracedTensor)"/>
    public static TracedTensor ne(TracedTensor left, TracedTensor right) => left.ne(right);

    /// <inheritdoc cref="TracedTensor.gt(TracedTensor)"/>
    public static TracedTensor gt(TracedTensor left, TracedTensor right) => left.gt(right);

    /// <inheritdoc cref="TracedTensor.ge(TracedTensor)"/>
    public static TracedTensor ge(TracedTensor left, TracedTensor right) => left.ge(right);

    /// <inheritdoc cref="TracedTensor.lt(TracedTensor)"/>
    public static TracedTensor lt(TracedTensor left, TracedTensor right) => left.lt(right);

    /// <inheritdoc cref="TracedTensor.le(TracedTensor)"/>
    public static TracedTensor le(TracedTensor left, TracedTensor right) => left.le(right);

    /// <inheritdoc cref="TracedTensor.logical_and(TracedTensor)"/>
    public static TracedTensor logical_and(TracedTensor left, TracedTensor right) => left.logical_and(right);

    /// <inheritdoc cref="TracedTensor.logical_or(TracedTensor)"/>
    public static TracedTensor logical_or(TracedTensor left, TracedTensor right) => left.logical_or(right);

    /// <inheritdoc cref="TracedTensor.logical_xor(TracedTensor)"/>
    public static TracedTensor logical_xor(TracedTensor left, TracedTensor right) => left.logical_xor(right);

    /// <inheritdoc cref="TracedTensor.logical_not"/>
    public static TracedTensor logical_not(TracedTensor input) => input.logical_not();

    /// <inheritdoc cref="TracedTensor.isnan"/>
    public static TracedTensor isnan(TracedTensor input) => input.isnan();

    /// <inheritdoc cref="TracedTensor.tril"/>
    public static TracedTensor tril(TracedTensor input, long diagonal = 0) => input.tril(diagonal);

    /// <inheritdoc cref="TracedTensor.triu"/>
    public static TracedTensor triu(TracedTensor input, long diagonal = 0) => input.triu(diagonal);
}
