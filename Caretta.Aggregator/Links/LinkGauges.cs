using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The series of all links that live on this member. Actors add, update and remove; a scrape copies the list.</summary>
/// <param name="shards">Whose links are shown; null: all.</param>
internal sealed class LinkGauges(AggregatorMetrics metrics, ExportedShards? shards = null)
{
    private readonly Lock _lock = new();
    private readonly List<LinkSeries> _series = [];

    public LinkSeries Add(NetworkLink link, int shard = 0)
    {
        var series = new LinkSeries(this, link, shard);
        lock (_lock)
        {
            series.Slot = _series.Count;
            _series.Add(series);
            metrics.Links.Set(_series.Count);
        }

        return series;
    }

    /// <summary>Each series with what it shows now: the same values in every family of the page.</summary>
    public (byte[] Labels, LinkValues Values)[] Look() => Array.ConvertAll(Exported(), link => (link.Labels, link.Values));

    /// <summary>The same links, for the map: who is linked to whom, and what the link shows now.</summary>
    public (NetworkLink Link, LinkValues Values)[] LookAtLinks() => Array.ConvertAll(Exported(), link => (link.Link, link.Values));

    /// <summary>The shard moves to another member: none of its links is shown from now on.</summary>
    public void Leave(int shard) => shards?.Close(shard);

    private LinkSeries[] Exported()
    {
        lock (_lock)
        {
            return [.. shards is null ? _series : _series.Where(link => shards.Contains(link.Shard))];
        }
    }

    internal void Remove(LinkSeries series)
    {
        lock (_lock)
        {
            if (series.Slot < 0)
            {
                return;
            }

            var last = _series[^1];
            _series[series.Slot] = last;
            last.Slot = series.Slot;
            _series.RemoveAt(_series.Count - 1);
            series.Slot = -1;
            metrics.Links.Set(_series.Count);
        }
    }
}
