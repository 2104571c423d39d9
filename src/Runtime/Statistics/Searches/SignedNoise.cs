using QuantGen.Numerics.Formats;

namespace QuantGen.Statistics.Searches;

/// <summary>The noise that rounding to an affine grid and clipping to it add to the values of a histogram with two sides.</summary>
/// <param name="below">The counts of negative values, by magnitude.</param>
/// <param name="belowEdges">The edges of their bins.</param>
/// <param name="above">The counts of the others.</param>
/// <param name="aboveEdges">The edges of their bins.</param>
internal sealed class SignedNoise(long[] below, double[] belowEdges, long[] above, double[] aboveEdges)
{
    private readonly QuantizationNoise _below = new(below, belowEdges), _above = new(above, aboveEdges);

    /// <summary>Σ x² over all values.</summary>
    public double Signal => _below.Signal + _above.Signal;

    /// <summary>Σ (quantized - x)² over all values.</summary>
    /// <param name="minimum">The lower end of the range.</param>
    /// <param name="maximum">The upper end.</param>
    /// <param name="levels">The number of steps between them.</param>
    public double Power(double minimum, double maximum, float levels)
    {
        // Zero is on the grid, so that each side is a grid of its own that begins there.
        AffineGrid grid = AffineGrid.Of((float)minimum, (float)maximum, levels);
        return _below.Power(grid.ZeroPoint * (double)grid.Step, grid.ZeroPoint) + _above.Power(grid.High * (double)grid.Step, grid.High);
    }
}
