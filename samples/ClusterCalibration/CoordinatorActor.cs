using Akka.Actor;
using Akka.Cluster;
using QuantGen;

namespace ClusterCalibration;

/// <summary>Hands out shards, takes back those of workers that die, and merges the statistics.</summary>
internal sealed class CoordinatorActor : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Queue<int> _waiting;
    private readonly Dictionary<IActorRef, (int ProcessId, int? Shard)> _workers = [];
    private readonly Dictionary<int, CalibrationState> _done = [];
    private readonly int _shards;
    private readonly TaskCompletionSource<CalibrationState> _result;

    public CoordinatorActor(int shards, TaskCompletionSource<CalibrationState> result)
    {
        (_shards, _result) = (shards, result);
        _waiting = new(Enumerable.Range(0, shards));
        Receive<WorkerReady>(ready => Add(Sender, ready.ProcessId));
        Receive<ShardCollected>(collected => Take(Sender, collected));
        Receive<Terminated>(terminated => Remove(terminated.ActorRef));
        Receive<ClusterEvent.UnreachableMember>(lost => _cluster.Down(lost.Member.Address));
        Receive<ClusterEvent.CurrentClusterState>(_ => { });
    }

    protected override void PreStart() => _cluster.Subscribe(Self, typeof(ClusterEvent.UnreachableMember));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Add(IActorRef worker, int processId)
    {
        Context.Watch(worker);
        _workers[worker] = (processId, null);
        HandOut();
    }

    private void Take(IActorRef worker, ShardCollected collected)
    {
        // A shard that was given away again after its worker was taken for dead may come twice; it counts once.
        if (_done.TryAdd(collected.Shard, CalibrationState.FromBytes(collected.State)))
        {
            Console.WriteLine($"shard {collected.Shard} collected by process {_workers.GetValueOrDefault(worker).ProcessId} ({_done.Count} of {_shards})");
        }

        if (_workers.TryGetValue(worker, out (int ProcessId, int? Shard) entry))
        {
            _workers[worker] = (entry.ProcessId, null);
        }

        if (_done.Count == _shards)
        {
            foreach (IActorRef one in _workers.Keys)
            {
                one.Tell(new NoMoreWork());
            }

            _result.TrySetResult(CalibrationState.Merge(_done.Values));
        }
        else
        {
            HandOut();
        }
    }

    private void Remove(IActorRef worker)
    {
        // Once everything is collected, workers leave because they were told to.
        if (!_workers.Remove(worker, out (int ProcessId, int? Shard) entry) || _done.Count == _shards)
        {
            return;
        }

        Console.WriteLine($"process {entry.ProcessId} is gone{(entry.Shard is { } lost ? $"; shard {lost} goes back to the queue" : "")}");
        if (entry.Shard is { } shard && !_done.ContainsKey(shard))
        {
            _waiting.Enqueue(shard);
        }

        HandOut();
    }

    private void HandOut()
    {
        foreach (IActorRef worker in _workers.Where(entry => entry.Value.Shard is null).Select(entry => entry.Key).ToArray())
        {
            if (!_waiting.TryDequeue(out int shard))
            {
                return;
            }

            _workers[worker] = (_workers[worker].ProcessId, shard);
            Console.WriteLine($"shard {shard} given to process {_workers[worker].ProcessId}");
            worker.Tell(new CollectShard(shard));
        }
    }
}
