using Caretta.Aggregator.Directory.Objects;
using Prometheus;

namespace Caretta.Aggregator.Directory;

/// <summary>How it stands with the directory's watches. Every kind has its series from the start.</summary>
internal sealed class DirectoryMetrics(IMetricFactory metrics)
{
    private static readonly string[] Labels = ["kind"];

    public Gauge WatchCurrent { get; } = ForAll(metrics.CreateGauge(
        "caretta_aggregator_directory_watch_current",
        "1 while all changes of the kind arrive, 0 while they do not or it is still listed.",
        Labels));

    public Gauge WatchForbidden { get; } = ForAll(metrics.CreateGauge(
        "caretta_aggregator_directory_watch_forbidden", "1 while the API server does not let us list and watch the kind.", Labels));

    public Counter Lists { get; } = ForAll(metrics.CreateCounter(
        "caretta_aggregator_directory_lists_total",
        "Complete lists: one at the start, and one whenever the server cannot tell what changed.",
        Labels));

    public Counter Events { get; } = ForAll(metrics.CreateCounter(
        "caretta_aggregator_directory_watch_events_total", "Objects added, changed and deleted, as the watches told.", Labels));

    public Counter Interruptions { get; } = ForAll(metrics.CreateCounter(
        "caretta_aggregator_directory_watch_interruptions_total", "Lists and watches that failed. They are tried again.", Labels));

    public Counter Malformed { get; } = ForAll(metrics.CreateCounter(
        "caretta_aggregator_directory_malformed_total",
        "Objects of the API server that were left out, or parts of them, as not understood.",
        Labels));

    private static TMetric ForAll<TMetric>(TMetric metric)
        where TMetric : class, ICollector
    {
        foreach (var kind in Enum.GetNames<ObjectKind>())
        {
            _ = metric switch
            {
                Gauge gauge => (object)gauge.WithLabels(kind),
                Counter counter => counter.WithLabels(kind),
                _ => throw new ArgumentException("Neither gauge nor counter.", nameof(metric)),
            };
        }

        return metric;
    }
}
