namespace QuantGen.Statistics.Methods;

/// <summary>The moving average of each batch's amax.</summary>
internal static class MovingAverage
{
    /// <summary>The average after the last batch; the first batch is where it starts.</summary>
    public static double Of(IReadOnlyList<double> batches, double constant)
    {
        if (batches.Count == 0)
        {
            throw new ArgumentException(
                "A moving average needs the batches in their order, which merged or loaded statistics do not keep. Use another method.");
        }

        double average = batches[0];
        for (int i = 1; i < batches.Count; i++)
        {
            average += constant * (batches[i] - average);
        }

        return average;
    }
}
