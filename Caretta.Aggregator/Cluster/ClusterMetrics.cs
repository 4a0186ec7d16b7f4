using Prometheus;

namespace Caretta.Aggregator.Cluster;

/// <summary>How the member stands in its cluster. docs/metrics.md lists them; a spec compares.</summary>
internal sealed class ClusterMetrics(IMetricFactory metrics)
{
    public Gauge Members { get; } = metrics.CreateGauge("caretta_aggregator_members", "Members of the cluster that this one knows, itself included.");

    public Gauge Unreachable { get; } =
        metrics.CreateGauge("caretta_aggregator_members_unreachable", "Members that somebody in the cluster cannot reach.");

    public Gauge OwnsLinks { get; } = metrics.CreateGauge(
        "caretta_aggregator_owns_links", "1 if a majority of the members affirmed lately that this is one, so that its links are on this page; else 0.");

    public Gauge ScrapeBegan { get; } = metrics.CreateGauge(
        "caretta_aggregator_scrape_began_seconds", "When this scrape began, on the machine's monotonic clock.");

    public Counter ScrapesWithoutLinks { get; } = metrics.CreateCounter(
        "caretta_aggregator_scrapes_withheld_total", "Scrapes without links, because it was not certain that they are still this member's.");
}
