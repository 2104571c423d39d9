using System.Diagnostics;
using System.Text.RegularExpressions;

namespace QuantGen.Tests;

public sealed partial class ClusterCalibrationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_processes_find_what_one_finds()
    {
        (int exitCode, List<string> lines) = await Run(["--workers", "2", "--shards", "4"], (_, _) => { });

        Assert.Equal(0, exitCode);
        Assert.Contains("8 batches of 4 shards; equal to one process, bit for bit: yes", lines);
    }

    [Fact]
    public async Task The_shard_of_a_worker_that_dies_is_collected_by_another_one()
    {
        int? killed = null;
        int? lost = null;

        (int exitCode, List<string> lines) = await Run(["--workers", "2", "--shards", "8", "--pause", "1500"], (line, soFar) =>
        {
            // In the middle: something is collected already, and this worker has just begun a shard.
            if (killed is null && soFar.Any(earlier => earlier.Contains("collected")) && GivenLine().Match(line) is { Success: true } given)
            {
                (lost, killed) = (int.Parse(given.Groups[1].Value), int.Parse(given.Groups[2].Value));
                using Process worker = Process.GetProcessById(killed.Value);
                worker.Kill();
            }
        });

        Assert.NotNull(killed);
        Assert.Contains($"process {killed} is gone; shard {lost} goes back to the queue", lines);
        Assert.Contains(lines, line => line.StartsWith($"shard {lost} collected by process", StringComparison.Ordinal) && !line.Contains($" {killed} "));
        Assert.Contains("16 batches of 8 shards; equal to one process, bit for bit: yes", lines);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Without_workers_left_the_coordinator_says_so()
    {
        (int exitCode, List<string> lines) = await Run(["--workers", "1", "--shards", "4", "--pause", "1500"], (line, _) =>
        {
            if (GivenLine().Match(line) is { Success: true } given)
            {
                using Process worker = Process.GetProcessById(int.Parse(given.Groups[2].Value));
                worker.Kill();
            }
        });

        Assert.Equal(1, exitCode);
        Assert.Contains(lines, line => line.StartsWith("All workers have ended before all shards were collected.", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, List<string> Lines)> Run(string[] arguments, Action<string, IReadOnlyList<string>> onLine)
    {
        using CancellationTokenSource patience = new(s_patience);
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "ClusterCalibration.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        List<string> lines = [];
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            onLine(line, lines);
            lines.Add(line);
        }

        await process.WaitForExitAsync(patience.Token);
        lines.AddRange((await errors).Split('\n'));
        return (process.ExitCode, lines);
    }

    [GeneratedRegex(@"^shard (\d+) given to process (\d+)$")]
    private static partial Regex GivenLine();
}
