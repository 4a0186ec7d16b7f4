using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Prometheus;

namespace Caretta.Node;

/// <summary>What the agent says of itself, but for the forwarder's part.</summary>
public sealed class NodeMetrics(IMetricFactory metrics)
{
    private readonly Counter _lossEvents = WithLabels(
        metrics.CreateCounter("caretta_node_loss_events_total", "Times counts could not be attributed to a link, by reason.", ["reason"]), Reasons);

    private readonly Counter _adoptedBytes = WithLabels(
        metrics.CreateCounter(
            "caretta_node_adopted_bytes_total", "Bytes taken over at a start without being attributed to a link: an upper bound of the loss.", ["reason"]),
        Reasons);

    private readonly Counter _pollFailures = WithLabels(
        metrics.CreateCounter(
            "caretta_node_poll_failures_total", "Steps of a poll that failed. What they would have shown comes with a later poll.", ["step"]),
        ["reload", "enrol", "fold", "read", "commit", "evict", "counters"]);

    private readonly Counter _enrolled = metrics.CreateCounter(
        "caretta_node_enrolled_sockets_total", "Sockets older than the programs that were taken on.");

    private readonly Counter _unobservedSockets = metrics.CreateCounter(
        "caretta_node_unobserved_sockets_total", "Sockets whose first bytes could not be seen.");

    private readonly Counter _unobservedBytes = metrics.CreateCounter(
        "caretta_node_unobserved_bytes_total", "Bytes these sockets had carried before they were taken on.");

    private readonly Counter _overflowed = metrics.CreateCounter(
        "caretta_node_overflowed_total", "Times the flow table was full and the overflow table took the counts.");

    private readonly Counter _lostFlows = metrics.CreateCounter(
        "caretta_node_lost_flows_total", "Times the overflow table was full as well.");

    private readonly Counter _lostBytes = metrics.CreateCounter(
        "caretta_node_lost_bytes_total", "Bytes counted nowhere because both tables were full.");

    private readonly Counter _storageFailures = metrics.CreateCounter(
        "caretta_node_socket_storage_failures_total", "Times there was no room for a socket's account: the kernel refused memory, or the sockets' table was full.");

    private readonly Counter _unseenEnds = metrics.CreateCounter(
        "caretta_node_unseen_ends_total", "Sockets that were gone without their close being seen: what they counted last is lost.");

    private readonly Gauge _probePath = metrics.CreateGauge("caretta_node_probe_path", "1 for the way connections are counted here.", ["path"]);

    public Counter Polls { get; } = metrics.CreateCounter("caretta_node_polls_total", "Polls begun.");

    public Histogram PollSeconds { get; } = metrics.CreateHistogram(
        "caretta_node_poll_duration_seconds",
        "From the fold to the end of the eviction.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 14) });

    public Histogram CommitSeconds { get; } = metrics.CreateHistogram(
        "caretta_node_ledger_commit_seconds",
        "Until a poll's change is on the disk.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 12) });

    public Gauge Flows { get; } = metrics.CreateGauge("caretta_node_flows", "Flows found by the latest poll.");

    public Gauge TablePressure { get; } = metrics.CreateGauge(
        "caretta_node_flow_table_ratio", "Flows found by the latest poll, as a part of those the table can hold.");

    public LedgerMetrics Ledger { get; } = new(metrics);

    public DirectoryMetrics Directory { get; } = new(metrics);

    public Gauge HostPids { get; } = metrics.CreateGauge(
        "caretta_node_host_pids", "1 if the agent sees the host's processes: connections older than it are found by them.");

    public Gauge HostCgroups { get; } = metrics.CreateGauge(
        "caretta_node_host_cgroups", "1 if the agent sees the host's cgroups: a connection's names its pod.");

    public Counter Evicted { get; } = metrics.CreateCounter("caretta_node_evicted_flows_total", "Idle flows deleted from the kernel's table.");

    public Counter UnobservedSeconds { get; } = metrics.CreateCounter(
        "caretta_node_unobserved_seconds_total", "Time in which no program was attached, as far as the ledger knows.");

    private static IEnumerable<string> Reasons => Enum.GetValues<LossReason>().Where(reason => reason != LossReason.None).Select(Label);

    public void Failed(string step) => _pollFailures.WithLabels(step).Inc();

    public void Lost(LedgerLoss loss)
    {
        _lossEvents.WithLabels(Label(loss.Reason)).Inc();
        _adoptedBytes.WithLabels(Label(loss.Reason)).Inc(loss.Bytes);
    }

    public void Show(in KernelCounters counters)
    {
        _enrolled.IncTo(counters.Enrolled);
        _unobservedSockets.IncTo(counters.UnobservedSockets);
        _unobservedBytes.IncTo(counters.UnobservedBytes);
        _overflowed.IncTo(counters.Overflowed);
        _lostFlows.IncTo(counters.LostFlows);
        _lostBytes.IncTo(counters.LostBytes);
        _storageFailures.IncTo(counters.StorageFailed);
        _unseenEnds.IncTo(counters.UnseenEnds);
    }

    public void Takes(ProbePath path) => _probePath.WithLabels(Label(path)).Set(1);

    /// <summary>The label values of <c>path</c>; documented, so they do not follow a renamed member.</summary>
    internal static string Label(ProbePath path) => path switch
    {
        ProbePath.Tracing => "tracing",
        ProbePath.Kprobe => "kprobe",
        _ => "plain",
    };

    /// <summary>The label values of <c>reason</c>; documented, so they do not follow a renamed member.</summary>
    internal static string Label(LossReason reason) => reason switch
    {
        LossReason.LedgerLost => "ledger_lost",
        LossReason.ForeignTable => "foreign_table",
        LossReason.TableLost => "table_lost",
        LossReason.NodeRenamed => "node_renamed",
        LossReason.IncarnationRefused => "incarnation_refused",
        _ => "unknown",
    };

    /// <summary>From zero on: a series that begins with its first loss hides that loss from <c>increase()</c>.</summary>
    private static Counter WithLabels(Counter counter, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            counter.WithLabels(value);
        }

        return counter;
    }
}
