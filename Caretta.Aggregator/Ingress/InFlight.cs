namespace Caretta.Aggregator.Ingress;

/// <summary>At most one batch in flight per shard of a stream. Begun by the reader of the stream, ended by its actor.</summary>
internal sealed class InFlight(int shardCount)
{
    private readonly int[] _shards = new int[shardCount];

    public bool TryBegin(int shard) => Interlocked.CompareExchange(ref _shards[shard], 1, 0) == 0;

    public void End(int shard) => Volatile.Write(ref _shards[shard], 0);
}
