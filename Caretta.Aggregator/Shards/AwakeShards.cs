using System.Collections.Concurrent;

namespace Caretta.Aggregator.Shards;

/// <summary>Which ledgers, wherever they live, have answered the member that wakes them: they have recovered.</summary>
internal sealed class AwakeShards(int shardCount)
{
    private readonly ConcurrentDictionary<int, byte> _awake = [];

    public int Count => _awake.Count;

    public bool All => Count == shardCount;

    public void Add(int shard) => _awake[shard] = 0;
}
