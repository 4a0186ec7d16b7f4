using System.Collections.Concurrent;

namespace Caretta.Aggregator.Shards;

/// <summary>The shards of this member whose ledger has recovered and whose links have their totals back. Read by /readyz.</summary>
internal sealed class RecoveredShards(int shardCount, AggregatorMetrics metrics)
{
    private readonly ConcurrentDictionary<int, byte> _recovered = [];

    public int Count => _recovered.Count;

    public int Expected => shardCount;

    public bool All => Count == shardCount;

    public void Add(int shard)
    {
        _recovered[shard] = 0;
        metrics.ShardsRecovered.Set(Count);
    }

    public void Remove(int shard)
    {
        _recovered.TryRemove(shard, out _);
        metrics.ShardsRecovered.Set(Count);
    }
}
