using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using QuantGen;

namespace ClusterCalibration;

/// <summary>The coordinating process: starts workers, waits for the merged statistics, and compares them with those of one process.</summary>
internal static class Coordination
{
    /// <summary>Runs the whole calibration.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(int workers, int shards, int pauseMilliseconds)
    {
        TaskCompletionSource<CalibrationState> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ActorSystem system = ClusterSystem.Create(Roles.Coordinator);
        Cluster cluster = Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        system.ActorOf(Props.Create(() => new CoordinatorActor(shards, result)), Roles.Coordinator);

        List<Process> processes = [.. Enumerable.Range(0, workers).Select(_ => StartWorker(cluster.SelfAddress, pauseMilliseconds))];
        try
        {
            Task allGone = Task.WhenAll(processes.Select(process => process.WaitForExitAsync()));
            if (await Task.WhenAny(result.Task, allGone) == allGone && !result.Task.IsCompleted)
            {
                Console.Error.WriteLine("All workers have ended before all shards were collected. Start again, and look at what they wrote.");
                return 1;
            }

            return Report(await result.Task, shards) ? 0 : 1;
        }
        finally
        {
            await Stop(processes);
            await system.Terminate();
        }
    }

    // Workers leave by themselves when there is no more work; one that hangs does not keep this process.
    private static async Task Stop(IReadOnlyList<Process> processes)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        foreach (Process process in processes)
        {
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    private static bool Report(CalibrationState merged, int shards)
    {
        using QuantConvNet model = ShardCollection.CreateModel();
        CalibrationReport report = merged.Apply(model, CalibrationMethod.Entropy);
        foreach (QuantizerCalibration quantizer in report.Quantizers)
        {
            Console.WriteLine(FormattableString.Invariant($"{quantizer.Name,-40} amax {quantizer.Amax:G6}"));
        }

        using QuantConvNet alone = ShardCollection.CreateModel();
        CalibrationState single = CalibrationState.Merge(Enumerable.Range(0, shards).Select(shard => CalibrationState.FromBytes(ShardCollection.Collect(alone, shard))));
        bool equal = merged.ToBytes().AsSpan().SequenceEqual(single.ToBytes());
        Console.WriteLine($"{merged.Batches} batches of {shards} shards; equal to one process, bit for bit: {(equal ? "yes" : "no")}");
        return equal;
    }

    private static Process StartWorker(Address coordinator, int pauseMilliseconds)
    {
        string[] arguments = [typeof(Coordination).Assembly.Location, "worker", "--join", coordinator.ToString(), "--pause", $"{pauseMilliseconds}"];
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", IsHost() ? arguments : arguments[1..]))!;
        Console.WriteLine($"process {process.Id} started");
        return process;
    }

    // Started as "dotnet ClusterCalibration.dll" the program is dotnet; started as itself it is its own.
    private static bool IsHost() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
}
