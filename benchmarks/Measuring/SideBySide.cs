using System.Diagnostics;

namespace QuantGen.Benchmarks.Measuring;

/// <summary>Times of several actions that take turns, so that a change of the machine's speed hits all of them.</summary>
internal static class SideBySide
{
    /// <summary>The median time of each action in milliseconds.</summary>
    public static double[] Medians(int rounds, params Action[] actions)
    {
        double[][] times = [.. actions.Select(_ => new double[rounds])];
        foreach (Action action in actions)
        {
            action();
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                actions[i]();
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        return [.. times.Select(Median)];
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
