using Caretta.Messages;
using Caretta.Messages.Tls;
using Prometheus;

namespace Caretta.Node.Forward;

/// <summary>What the forwarder says about itself.</summary>
public sealed class ForwarderMetrics(IMetricFactory metrics)
{
    public Counter BatchesSent { get; } = metrics.CreateCounter("caretta_node_batches_sent_total", "Batches sent to the aggregator.");

    public Counter BatchesAcked { get; } = metrics.CreateCounter(
        "caretta_node_batches_acked_total", "Batches the aggregator has in its journal.");

    public Counter BatchesResent { get; } = metrics.CreateCounter(
        "caretta_node_batches_resent_total", "Batches whose stream or shard was lost before they were acknowledged; their links are sent again.");

    public Counter ReportsSent { get; } = metrics.CreateCounter("caretta_node_reports_sent_total", "Reports sent, one per changed link.");

    public Gauge UnackedLinks { get; } = metrics.CreateGauge(
        "caretta_node_unacked_links", "Links whose latest totals are not known to be in the aggregator's journal.");

    public Gauge Connected { get; } = metrics.CreateGauge("caretta_node_aggregator_connected", "1 while a stream to an aggregator is open.");

    public Gauge SilentShards { get; } = metrics.CreateGauge(
        "caretta_node_silent_shards", "Shards the aggregator waits for: they moved, start, or their journal is away.");

    public Counter Connects { get; } = metrics.CreateCounter("caretta_node_connects_total", "Streams an aggregator has welcomed.");

    public Counter ConnectFailures { get; } = metrics.CreateCounter(
        "caretta_node_connect_failures_total", "Streams that broke or could not be opened.");

    public Counter Refusals { get; } = Refused(metrics.CreateCounter("caretta_node_refusals_total", "Refusals by the aggregator.", ["kind"]));

    public Gauge Unloaded { get; } = metrics.CreateGauge(
        "caretta_node_unloaded", "1 after an aggregator had this host unloaded: nothing is counted until the agent is started again.");

    public Counter UnloadsRefused { get; } = metrics.CreateCounter(
        "caretta_node_unloads_refused_total", "Times an aggregator that had not proven itself would have had this host unloaded.");

    private readonly Counter _distrusted = Distrusted(metrics.CreateCounter(
        "caretta_node_distrusted_aggregators_total", "Connections given up because the aggregator's certificate was not believed.", ["reason"]));

    public Histogram AckSeconds { get; } = metrics.CreateHistogram(
        "caretta_node_ack_seconds", "From sending a batch to its acknowledgement.", new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 15) });

    public void Distrusted(FaultKind reason) => _distrusted.WithLabels(Label(reason)).Inc();

    private static string Label(FaultKind reason) => reason switch
    {
        FaultKind.Expired => "expired",
        FaultKind.Purpose => "purpose",
        FaultKind.Name => "name",
        _ => "untrusted",
    };

    private static Counter Distrusted(Counter distrusted)
    {
        foreach (var reason in Enum.GetValues<FaultKind>())
        {
            distrusted.WithLabels(Label(reason));
        }

        return distrusted;
    }

    /// <summary>From zero on, so that the first one is an increase.</summary>
    private static Counter Refused(Counter refusals)
    {
        foreach (var kind in RefusalLabel.All)
        {
            refusals.WithLabels(kind);
        }

        return refusals;
    }
}
