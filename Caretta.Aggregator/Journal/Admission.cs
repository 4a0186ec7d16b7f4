using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>What a shard takes in, and where it counts: the bounds of its sources and links, and the counters of what is beyond them.</summary>
internal sealed class Admission(int shard, LedgerSettings settings, ShardState state, AggregatorMetrics metrics)
{
    private readonly LinkRoom _links = new(shard, settings.ShardCount, settings.MaxLinksPerShard, state);
    private readonly SourceRoom _sources = new(state);

    /// <returns>null: there is no room for the source; all of the batch is lost for now, and counted as lost.</returns>
    public IReadOnlyList<RoutedReport>? Route(TakeBatch batch, Func<ulong, bool> always)
    {
        metrics.BatchesReceived.Inc();
        metrics.Reports.Inc(batch.Reports.Count);
        if (!_sources.Admit(batch.Source))
        {
            metrics.SourcesRefused.Inc();
            metrics.ReportsUncounted.Inc(batch.Reports.Count);
            return null;
        }

        var routed = new List<RoutedReport>(batch.Reports.Count);
        foreach (var report in batch.Reports)
        {
            if (Route(batch.Source, report) is var (by, placed))
            {
                routed.Add(new RoutedReport(by, placed, always(placed.Link.Id)));
            }
        }

        return routed;
    }

    public void Retire(IReadOnlyList<Source> sources)
    {
        _links.Retire(sources);
        _sources.Retire(sources);
    }

    private (Links.Contributor By, Report Report)? Route(Source source, Report report)
    {
        if (_links.Find(source, report.Link) is not { } place)
        {
            metrics.ReportsUncounted.Inc();
            return null;
        }

        if (place.Link.Id == report.Link.Id)
        {
            return (place.By, report);
        }

        metrics.OtherRedirects.Inc();
        return (place.By, report with { Link = place.Link });
    }
}
