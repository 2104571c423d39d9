namespace ClusterCalibration;

/// <summary>A worker has no work.</summary>
/// <param name="ProcessId">The worker's process, for people.</param>
internal sealed record WorkerReady(int ProcessId);

/// <summary>Asks a worker for a shard's statistics.</summary>
/// <param name="Shard">The shard's number.</param>
internal sealed record CollectShard(int Shard);

/// <summary>A shard's statistics.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="State">A calibration state, as bytes.</param>
internal sealed record ShardCollected(int Shard, byte[] State);

/// <summary>All shards are collected; the worker can go.</summary>
internal sealed record NoMoreWork;
