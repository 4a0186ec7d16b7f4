using Prometheus;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>How it goes with what nobody in the cluster claims. docs/metrics.md lists them; a spec compares.</summary>
internal sealed class ExternalMetrics(IMetricFactory metrics)
{
    private readonly Counter _lookups = Labelled(
        metrics.CreateCounter("caretta_aggregator_dns_lookups_total", "Reverse lookups, by how they ended.", ["outcome"]),
        Enum.GetValues<LookupOutcome>().Select(Label));

    private readonly Counter _refused = Labelled(
        metrics.CreateCounter(
            "caretta_aggregator_external_refused_total", "Externals asked for that were not granted: they are counted as ~other.", ["full"]),
        ["workload", "cluster"]);

    public Counter DnsQueueFull { get; } = metrics.CreateCounter(
        "caretta_aggregator_dns_queue_full_total", "Addresses that kept their address as a name because too many lookups waited.");

    public Gauge DnsNames { get; } = metrics.CreateGauge("caretta_aggregator_dns_names", "Addresses for which an answer is cached.");

    public Counter DnsNamesEvicted { get; } =
        metrics.CreateCounter("caretta_aggregator_dns_names_evicted_total", "Answers forgotten because the cache was full.");

    public Gauge Grants { get; } = metrics.CreateGauge(
        "caretta_aggregator_external_grants", "Pairs of a workload and an external that are granted; 0 on members that do not keep them.");

    public Counter Questions { get; } =
        metrics.CreateCounter("caretta_aggregator_external_questions_total", "Questions for grants that arrived.");

    public Counter QuestionsDropped { get; } = metrics.CreateCounter(
        "caretta_aggregator_external_questions_dropped_total", "Questions for grants left unanswered because too many waited; they are asked again.");

    public Gauge PairsWaiting { get; } =
        metrics.CreateGauge("caretta_aggregator_external_pairs_waiting", "Pairs in questions for grants that wait for the journal.");

    public Counter Commits { get; } =
        metrics.CreateCounter("caretta_aggregator_external_commits_total", "Events of grants written to the journal.");

    public Counter PersistFailures { get; } = metrics.CreateCounter(
        "caretta_aggregator_external_persist_failures_total", "Writes or recoveries of grants that the journal failed. Questions are asked again.");

    public Counter Expired { get; } =
        metrics.CreateCounter("caretta_aggregator_external_grants_expired_total", "Grants that ended because nobody asked for them any longer.");

    /// <summary>The workload has all the externals it may.</summary>
    public Counter.Child RefusedByWorkload => _refused.WithLabels("workload");

    /// <summary>The cluster has all the workloads or grants it may.</summary>
    public Counter.Child RefusedByCluster => _refused.WithLabels("cluster");

    public Counter.Child DnsLookups(LookupOutcome outcome) => _lookups.WithLabels(Label(outcome));

    private static string Label(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.Named => "named",
        LookupOutcome.Nameless => "nameless",
        LookupOutcome.Unusable => "unusable",
        LookupOutcome.TimedOut => "timed_out",
        _ => "failed",
    };

    /// <summary>From zero on, so that the first one is an increase.</summary>
    private static Counter Labelled(Counter counter, IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            counter.WithLabels(label);
        }

        return counter;
    }
}
