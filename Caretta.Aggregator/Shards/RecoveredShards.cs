using System.Collections.Concurrent;
using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// The shards that live on this member, and of these the ones whose links have their totals back. A ledger that the journal failed leaves
/// its links exported: what they show is in the journal. Read by /readyz.
/// </summary>
/// <param name="exported">Null: nobody looks.</param>
internal sealed class RecoveredShards(int shardCount, AggregatorMetrics metrics, ExportedShards? exported = null, TimeProvider? time = null)
{
    /// <summary>
    /// A ledger that ended is woken about once a second as long as its shard is here. One that stays ended lost its shard meanwhile: there was
    /// nobody to tell that it moves.
    /// </summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, Standing> _shards = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Of the whole cluster.</summary>
    public int Expected => shardCount;

    public int Here => Present.Count();

    public int Count => Present.Count(shard => shard.Recovered);

    public bool All => Present.All(shard => shard.Recovered);

    private IEnumerable<Standing> Present => _shards.Values.Where(shard => !IsGone(shard));

    /// <summary>The ledger has started. It may have been here before.</summary>
    public void Begin(int shard)
    {
        _shards.AddOrUpdate(shard, new Standing(Recovered: false), (_, before) => before with { EndedAt = null });
        Show();
    }

    public void Add(int shard)
    {
        _shards[shard] = new Standing(Recovered: true);
        exported?.Open(shard);
        Show();
    }

    /// <summary>The ledger has ended, and not because its shard moves.</summary>
    public void End(int shard)
    {
        _shards.AddOrUpdate(
            shard, _ => new Standing(Recovered: false, _time.GetTimestamp()), (_, before) => before with { EndedAt = _time.GetTimestamp() });
        Show();
    }

    /// <summary>It moves to another member.</summary>
    public void Leave(int shard)
    {
        exported?.Close(shard);
        if (_shards.TryRemove(shard, out _))
        {
            metrics.Handoffs.Inc();
            Show();
        }
    }

    private bool IsGone(Standing shard) => shard.EndedAt is { } at && _time.GetElapsedTime(at) > GoneAfter;

    private void Show()
    {
        metrics.ShardsHere.Set(Here);
        metrics.ShardsRecovered.Set(Count);
    }

    /// <param name="EndedAt">When its ledger ended; null while it runs.</param>
    private sealed record Standing(bool Recovered, long? EndedAt = null);
}
