using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The series of one shard's links, each once. What somebody still shows on a series that was taken away is seen by nobody.</summary>
internal sealed class ShardSeries(AggregatorMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, LinkSeries> _series = [];

    public LinkSeries Open(NetworkLink link)
    {
        lock (_lock)
        {
            return Find(link);
        }
    }

    /// <inheritdoc cref="LinkGauges.Recover"/>
    public IReadOnlyList<ulong> Recover(IReadOnlyCollection<LinkState> links)
    {
        var withLevels = new List<ulong>();
        lock (_lock)
        {
            var known = links.Where(link => link.IsKnown).ToDictionary(link => link.Link.Id);
            foreach (var gone in _series.Keys.Where(linkId => !known.ContainsKey(linkId)).ToList())
            {
                Forget(gone);
            }

            _series.EnsureCapacity(known.Count);
            foreach (var (linkId, link) in known)
            {
                var series = Find(link.Link);
                var levels = series.Values.Levels;
                series.Show(link.Sum, levels, link.Seen);
                if (!levels.IsEmpty)
                {
                    withLevels.Add(linkId);
                }
            }
        }

        return withLevels;
    }

    public void Remove(ulong linkId)
    {
        lock (_lock)
        {
            Forget(linkId);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            metrics.Links.Dec(_series.Count);
            _series.Clear();
        }
    }

    public void CopyTo(List<LinkSeries> all)
    {
        lock (_lock)
        {
            all.AddRange(_series.Values);
        }
    }

    private LinkSeries Find(NetworkLink link)
    {
        if (!_series.TryGetValue(link.Id, out var series))
        {
            _series.Add(link.Id, series = new LinkSeries(link));
            metrics.Links.Inc();
        }

        return series;
    }

    private void Forget(ulong linkId)
    {
        if (_series.Remove(linkId))
        {
            metrics.Links.Dec();
        }
    }
}
