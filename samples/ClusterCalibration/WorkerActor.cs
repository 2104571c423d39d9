using Akka.Actor;
using Akka.Cluster;

namespace ClusterCalibration;

/// <summary>Collects one shard after another, until the coordinator has no more or is gone.</summary>
internal sealed class WorkerActor : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly QuantConvNet _model = ShardCollection.CreateModel();
    private readonly TimeSpan _pause;
    private string? _coordinator;

    /// <param name="pause">A rest in each shard, to make a short run watchable.</param>
    public WorkerActor(TimeSpan pause)
    {
        _pause = pause;
        Receive<ClusterEvent.MemberUp>(up => up.Member.HasRole(Roles.Coordinator), up => Register(up.Member.Address));
        Receive<ClusterEvent.UnreachableMember>(lost => lost.Member.HasRole(Roles.Coordinator), _ => Context.System.Terminate());
        Receive<ClusterEvent.IReachabilityEvent>(_ => { });
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<CollectShard>(Collect);
        Receive<NoMoreWork>(_ => Context.System.Terminate());
        Receive<ShardCollected>(collected => Context.ActorSelection(_coordinator!).Tell(collected));
    }

    protected override void PreStart()
        => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _model.Dispose();
    }

    private void Register(Address coordinator)
    {
        _coordinator = new RootActorPath(coordinator).ToString() + $"user/{Roles.Coordinator}";
        Context.ActorSelection(_coordinator).Tell(new WorkerReady(Environment.ProcessId));
    }

    // On another thread, so that this one can answer the cluster's heartbeats.
    private void Collect(CollectShard work)
        => Task.Run(async () =>
        {
            byte[] state = ShardCollection.Collect(_model, work.Shard);
            await Task.Delay(_pause);
            return new ShardCollected(work.Shard, state);
        }).PipeTo(Self);
}
