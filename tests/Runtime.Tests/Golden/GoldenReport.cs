using Xunit.Abstractions;

namespace QuantGen.Tests.Golden;

/// <summary>Runs a check over the cases of a file and tells how many were compared, how many skipped and why.</summary>
internal sealed class GoldenReport(string file, ITestOutputHelper output)
{
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, int> _skipped = [];
    private int _compared;

    /// <summary>Runs the check for every case, each in a dispose scope of its own, and fails with all differences.</summary>
    /// <param name="check">What differs, an empty sequence where nothing does.</param>
    /// <param name="skip">Why a case is not compared, or null.</param>
    public void Run(Func<GoldenCase, IEnumerable<string?>> check, Func<GoldenCase, string?>? skip = null)
    {
        foreach (GoldenCase golden in GoldenFile.Cases(file))
        {
            if (golden.Flag("python_only") || skip?.Invoke(golden) is not null)
            {
                string reason = golden.Flag("python_only") ? "python only" : skip!(golden)!;
                _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;
                continue;
            }

            using var scope = TorchSharp.torch.NewDisposeScope();
            _compared++;
            _failures.AddRange(check(golden).OfType<string>().Select(problem => $"{golden.Name}: {problem}"));
        }

        string reasons = string.Concat(_skipped.Select(entry => $", {entry.Value} skipped ({entry.Key})"));
        string summary = $"golden {file}: {_compared} compared{reasons}";
        output.WriteLine(summary);
        Assert.True(_compared > 0, $"{file} holds no case to compare");
        Assert.True(_failures.Count == 0, $"{summary}, {_failures.Count} differences:\n{string.Join('\n', _failures.Take(40))}");
    }
}
