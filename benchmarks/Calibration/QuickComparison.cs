using QuantGen.Benchmarks.Measuring;

namespace QuantGen.Benchmarks.Calibrating;

/// <summary>Medians side by side in a minute, against what calibration has to hold.</summary>
internal static class QuickComparison
{
    public static void Run()
    {
        Collecting();
        Searching();
        Weights();
        Network();
    }

    private static void Collecting()
    {
        CollectingBenchmarks collecting = new();
        double[] times = SideBySide.Medians(
            31, () => collecting.AbsMax(), () => collecting.Collect(), () => collecting.CollectFirst(), () => collecting.TorchHistogram());
        Console.WriteLine($"Histogram of {CollectingBenchmarks.Elements:N0} float32");
        Print("abs().max()", times[0], "");
        Print("collect", times[1], $"{times[1] / times[0]:F2} x abs().max(), at most 3; torch.histogram takes {times[3] / times[1]:F1} times as long, at least 5");
        Print("collect, first batch", times[2], $"{times[2] / times[0]:F2} x abs().max()");
        Print("torch.histogram", times[3], "");
    }

    private static void Searching()
    {
        using SearchBenchmarks search = new();
        double[] times = SideBySide.Medians(
            201, () => search.Entropy(), () => search.EntropyUnsigned(), () => search.Mse(), () => search.MseE4M3(), () => search.Sqnr(), () => search.Percentile(),
            () => search.EndsByEntropy(), () => search.EndsByMse());
        Console.WriteLine($"Searches on {search.Bins:N0} bins");
        Print("entropy", times[0], "below 5 ms");
        Print("entropy, unsigned", times[1], "below 5 ms");
        Print("mse", times[2], "below 2 ms");
        Print("mse, E4M3", times[3], "");
        Print("sqnr", times[4], "");
        Print("percentile", times[5], "below 0.1 ms");
        Print("two ends, entropy", times[6], "with the report");
        Print("two ends, mse", times[7], "with the report");
    }

    private static void Weights()
    {
        using WeightBenchmarks weights = new();
        double[] times = SideBySide.Medians(11, () => weights.MseOf16Channels(), () => weights.MseOf512Channels());
        Console.WriteLine("Weights by mse, for each channel");
        Print("16 x 16 x 3 x 3", times[0], "");
        Print("512 x 512 x 3 x 3", times[1], "");
    }

    private static void Network()
    {
        NetworkBenchmarks network = new();
        double[] times = SideBySide.Medians(9, network.FloatForward, () => network.CalibrateFourMethods());
        Console.WriteLine("ResNet-18's shape, 8 batches of 8 x 3 x 224 x 224");
        Print("float forward", times[0], "");
        Print("calibrate, four methods", times[1], $"{times[1] / times[0]:F3} x the forward passes, at most 1.25");
    }

    private static void Print(string what, double milliseconds, string remark) => Console.WriteLine($"  {what,-24} {milliseconds,10:F3} ms   {remark}");
}
