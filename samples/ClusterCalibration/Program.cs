using System.CommandLine;
using Akka.Actor;
using Akka.Cluster;
using ClusterCalibration;

Option<int> workers = new("--workers") { Description = "Number of worker processes.", DefaultValueFactory = _ => 2 };
Option<int> shards = new("--shards") { Description = "Number of parts of the data.", DefaultValueFactory = _ => 8 };
Option<int> pause = new("--pause") { Description = "Milliseconds that a worker rests in each shard, to watch it.", DefaultValueFactory = _ => 0 };
foreach (Option<int> option in new[] { workers, shards })
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
        {
            result.AddError($"{option.Name} must be at least 1.");
        }
    });
}

Option<string> join = new("--join") { Description = "Address of the coordinator.", Required = true };
Command worker = new("worker", "Collects shards for a coordinator, which starts this itself.") { join, pause };
worker.SetAction(async (parsed, cancellation) =>
{
    using ActorSystem system = ClusterSystem.Create(Roles.Worker);
    TimeSpan rest = TimeSpan.FromMilliseconds(parsed.GetValue(pause));
    system.ActorOf(Props.Create(() => new WorkerActor(rest)), Roles.Worker);
    Cluster.Get(system).Join(Address.Parse(parsed.GetValue(join)!));
    await system.WhenTerminated.WaitAsync(cancellation);
});

RootCommand command = new("Calibrates a quantized model in several processes that form an Akka.NET cluster on this machine.") { workers, shards, pause, worker };
command.SetAction(parsed => Coordination.Run(parsed.GetValue(workers), parsed.GetValue(shards), parsed.GetValue(pause)));
return await command.Parse(args).InvokeAsync();
