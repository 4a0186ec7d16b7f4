using System.Collections.Concurrent;
using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// The shards that live on this member, and of these the ones whose links have their totals back. A ledger that the journal failed leaves
/// its links exported: what they show is in the journal. Read by /readyz.
/// </summary>
/// <param name="exported">Null: nobody looks.</param>
internal sealed class RecoveredShards(int shardCount, AggregatorMetrics metrics, ExportedShards? exported = null)
{
    private readonly ConcurrentDictionary<int, bool> _recovered = [];

    /// <summary>Of the whole cluster.</summary>
    public int Expected => shardCount;

    public int Here => _recovered.Count;

    public int Count => _recovered.Count(shard => shard.Value);

    public bool All => Here == Count;

    /// <summary>The ledger has started. It may have been here before.</summary>
    public void Begin(int shard)
    {
        _recovered.TryAdd(shard, false);
        Show();
    }

    public void Add(int shard)
    {
        _recovered[shard] = true;
        exported?.Open(shard);
        Show();
    }

    /// <summary>It moves to another member.</summary>
    public void Leave(int shard)
    {
        exported?.Close(shard);
        if (_recovered.TryRemove(shard, out _))
        {
            metrics.Handoffs.Inc();
            Show();
        }
    }

    private void Show()
    {
        metrics.ShardsHere.Set(Here);
        metrics.ShardsRecovered.Set(Count);
    }
}
