using System.Collections.Concurrent;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>
/// The series of all links that live on this member, by shard. A shard's ledger shows what it recovered and takes away what expires, a link's
/// actor shows what changes, and neither takes anything away by failing. A scrape copies the lists.
/// </summary>
/// <param name="shards">Whose links are shown; null: all.</param>
internal sealed class LinkGauges(AggregatorMetrics metrics, ExportedShards? shards = null)
{
    private readonly ConcurrentDictionary<int, ShardSeries> _shards = [];

    /// <summary>The link's series; it is made if there is none yet.</summary>
    public LinkSeries Open(NetworkLink link, int shard = 0) => Of(shard).Open(link);

    /// <summary>What the journal holds of a shard is shown, and nothing else of it. Levels that are shown stay: their links have them.</summary>
    /// <returns>The links that have levels.</returns>
    public IReadOnlyList<ulong> Recover(int shard, IReadOnlyCollection<LinkState> links) => Of(shard).Recover(links);

    public void Remove(int shard, ulong linkId) => Of(shard).Remove(linkId);

    /// <summary>Each series with what it shows now: the same values in every family of the page.</summary>
    public (byte[] Labels, LinkValues Values)[] Look() => [.. Exported().Select(link => (link.Labels, link.Values))];

    /// <summary>The same links, for the map: who is linked to whom, and what the link shows now.</summary>
    public (NetworkLink Link, LinkValues Values)[] LookAtLinks() => [.. Exported().Select(link => (link.Link, link.Values))];

    /// <summary>None of the shard's links is shown from now on.</summary>
    public void Close(int shard) => shards?.Close(shard);

    /// <summary>The shard moves to another member.</summary>
    public void Leave(int shard)
    {
        Close(shard);
        if (_shards.TryRemove(shard, out var gone))
        {
            gone.Clear();
        }
    }

    private List<LinkSeries> Exported()
    {
        var series = new List<LinkSeries>();
        foreach (var (shard, of) in _shards)
        {
            if (shards?.Contains(shard) ?? true)
            {
                of.CopyTo(series);
            }
        }

        return series;
    }

    private ShardSeries Of(int shard) => _shards.GetOrAdd(shard, static (_, metrics) => new ShardSeries(metrics), metrics);
}
