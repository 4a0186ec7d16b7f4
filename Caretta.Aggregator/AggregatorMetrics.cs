using Caretta.Messages;
using Prometheus;

namespace Caretta.Aggregator;

/// <summary>The aggregator's own health. docs/metrics.md lists them; a spec compares.</summary>
internal sealed class AggregatorMetrics(IMetricFactory metrics)
{
    private static readonly HistogramConfiguration Seconds = new()
    {
        Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    public Counter BatchesReceived { get; } =
        metrics.CreateCounter("caretta_aggregator_batches_received_total", "Batches that reached a shard's ledger.");

    public Counter BatchesAcked { get; } =
        metrics.CreateCounter("caretta_aggregator_batches_acked_total", "Batches acknowledged: what they hold is in the journal.");

    public Counter BatchesDuplicate { get; } =
        metrics.CreateCounter("caretta_aggregator_batches_duplicate_total", "Batches of which everything was held already.");

    public Counter Reports { get; } = metrics.CreateCounter("caretta_aggregator_reports_total", "Reports in the batches received.");

    public Counter ReportsUncounted { get; } = metrics.CreateCounter(
        "caretta_aggregator_reports_uncounted_total", "Loss: reports for which not even a ~other link had room.");

    public Counter SourcesRefused { get; } = metrics.CreateCounter(
        "caretta_aggregator_sources_refused_total",
        "Loss until there is room: batches of a source for which a shard has none. All their reports are uncounted.");

    public Gauge Sources { get; } = metrics.CreateGauge(
        "caretta_aggregator_sources", "Sources of which this member's shards hold totals, each counted once per shard.");

    public Counter SourcesRetired { get; } = metrics.CreateCounter(
        "caretta_aggregator_sources_retired_total", "Sources folded into one number after RetireAfter of silence, each counted once per shard.");

    public Gauge RetiredRemembered { get; } = metrics.CreateGauge(
        "caretta_aggregator_retired_remembered", "Retired incarnations that this member's shards remember, so that none counts twice.");

    public Counter RetirementsRefused { get; } = metrics.CreateCounter(
        "caretta_aggregator_retirements_refused_total", "Times a source was not retired because its shard remembers as many as it can.");

    public Counter RetiredReturned { get; } = metrics.CreateCounter(
        "caretta_aggregator_retired_returned_total", "Times a shard told a retired source that it has to start a new incarnation.");

    public Counter LinksRestarted { get; } = metrics.CreateCounter(
        "caretta_aggregator_links_restarted_total", "Links that failed or were stopped and got their totals back.");

    public Gauge Streams { get; } = metrics.CreateGauge("caretta_aggregator_streams", "Live streams from agents.");

    public Counter Refusals { get; } =
        Refused(metrics.CreateCounter("caretta_aggregator_refusals_total", "Streams refused or ended by the aggregator.", ["kind"]));

    public Counter StreamsEnded { get; } = Ended(metrics.CreateCounter(
        "caretta_aggregator_streams_ended_total", "Streams ended by the aggregator though their agents kept the rules, by reason.", ["reason"]));

    public Counter ShardsReopened { get; } = metrics.CreateCounter(
        "caretta_aggregator_shards_reopened_total", "Times a shard was opened again within a stream because it moved, stopped or was silent.");

    public Counter BatchesSuperseded { get; } = metrics.CreateCounter(
        "caretta_aggregator_batches_superseded_total", "Batches that met a shard just being opened again; agents send them again.");

    public Counter ReportsIgnored { get; } = Ignored(metrics.CreateCounter(
        "caretta_aggregator_reports_ignored_total", "Loss: reports left out because no honest agent makes them, by what is wrong.", ["reason"]));

    public Counter ReportsContradicting { get; } = metrics.CreateCounter(
        "caretta_aggregator_reports_contradicting_total",
        "Reports whose totals contradict what is held of their source: less than before, or other ones under the same sequence. The maximum counts.");

    public Counter Commits { get; } = metrics.CreateCounter("caretta_aggregator_commits_total", "Events written to the journal.");

    public Histogram CommitSeconds { get; } =
        metrics.CreateHistogram("caretta_aggregator_commit_seconds", "How long the journal took for one event.", Seconds);

    public Histogram GaugeDelaySeconds { get; } = metrics.CreateHistogram(
        "caretta_aggregator_gauge_delay_seconds", "From a batch's arrival at its shard until its totals are exported.", Seconds);

    public Gauge Links { get; } = metrics.CreateGauge("caretta_aggregator_links", "Links exported by this member.");

    public Gauge ShardsHere { get; } = metrics.CreateGauge("caretta_aggregator_shards", "Shards that live on this member.");

    public Gauge ShardsRecovered { get; } =
        metrics.CreateGauge("caretta_aggregator_shards_recovered", "Shards of this member whose totals are back.");

    public Counter Handoffs { get; } =
        metrics.CreateCounter("caretta_aggregator_shard_handoffs_total", "Shards that left this member in good order.");

    public Histogram RecoverySeconds { get; } =
        metrics.CreateHistogram("caretta_aggregator_recovery_seconds", "How long a shard's recovery took.", Seconds);

    public Counter Snapshots { get; } = metrics.CreateCounter("caretta_aggregator_snapshots_total", "Snapshots saved.");

    public Counter EventDeletions { get; } = metrics.CreateCounter(
        "caretta_aggregator_event_deletions_total", "Times a shard's events that a snapshot covers were deleted.");

    public Counter PersistFailures { get; } = metrics.CreateCounter(
        "caretta_aggregator_persist_failures_total", "Writes or recoveries that the journal failed. Nothing is lost; agents resend.");

    public Gauge JournalAvailable { get; } = metrics.CreateGauge(
        "caretta_aggregator_journal_available", "1 while the journal's database answers, 0 while it does not.");

    public Counter JournalInterruptions { get; } = metrics.CreateCounter(
        "caretta_aggregator_journal_interruptions_total", "Times the journal's database ceased to answer.");

    public Counter EventsForeign { get; } = metrics.CreateCounter(
        "caretta_aggregator_events_foreign_total",
        "Events found in the journal that were written on a history it no longer has, by a writer that did not notice it was put back. Not read.");

    public Counter WritersRefused { get; } = metrics.CreateCounter(
        "caretta_aggregator_writers_refused_total", "Writes the journal refused because another writer of the shard had gone on meanwhile.");

    public Counter OtherRedirects { get; } = metrics.CreateCounter(
        "caretta_aggregator_other_redirects_total", "Reports counted in a ~other link because their shard had no room for the link.");

    public Counter IdCollisions { get; } = metrics.CreateCounter(
        "caretta_aggregator_id_collisions_total", "Loss: reports for a link whose id belongs to another link.");

    public Counter LevelsDropped { get; } = metrics.CreateCounter(
        "caretta_aggregator_levels_dropped_total", "Levels forgotten because their source fell silent.");

    public Counter Scrapes { get; } = metrics.CreateCounter("caretta_aggregator_scrapes_total", "Scrapes of /metrics.");

    public Histogram ScrapeSeconds { get; } =
        metrics.CreateHistogram("caretta_aggregator_scrape_seconds", "How long the aggregator took to write the links of one scrape.", Seconds);

    /// <summary>From zero on, so that the first one is an increase.</summary>
    private static Counter Refused(Counter refusals)
    {
        foreach (var kind in RefusalLabel.All)
        {
            refusals.WithLabels(kind);
        }

        return refusals;
    }

    private static Counter Ended(Counter ended)
    {
        foreach (var reason in Ingress.StreamEnd.All)
        {
            ended.WithLabels(reason);
        }

        return ended;
    }

    private static Counter Ignored(Counter ignored)
    {
        foreach (var reason in Ingress.ReportFault.All)
        {
            ignored.WithLabels(reason);
        }

        return ignored;
    }
}
