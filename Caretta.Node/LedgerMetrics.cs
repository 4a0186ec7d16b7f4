using Caretta.Node.Names;
using Prometheus;

namespace Caretta.Node;

/// <summary>What the ledger holds and where counts went that became no link's of their own.</summary>
public sealed class LedgerMetrics(IMetricFactory metrics)
{
    private readonly Gauge _links = metrics.CreateGauge("caretta_node_links", "Links in the ledger.");

    private readonly Gauge _unnamedBytes = metrics.CreateGauge(
        "caretta_node_unnamed_bytes", "Bytes whose link is not known yet. They wait, in the ledger or in the kernel's table.");

    private readonly Gauge _waitingRows = metrics.CreateGauge("caretta_node_waiting_rows", "Rows of the ledger with bytes that wait for a name.");

    private readonly Counter _settledBytes = metrics.CreateCounter(
        "caretta_node_settled_bytes_total", "Bytes that found no room to wait in and were given the best name known, at worst ~unresolved.");

    private readonly Counter _redirected = metrics.CreateCounter(
        "caretta_node_redirected_flows_total", "Flows attributed to ~other because the ledger held all the links it may.");

    private readonly Counter _leftOutBytes = LeftOut(metrics.CreateCounter(
        "caretta_node_left_out_bytes_total", "Bytes that became no link's: loopback in a cluster, or cut by a filter.", ["reason"]));

    private Ledger.Ledger? _shown;
    private ulong _shownSettled;
    private ulong _shownRedirected;
    private Dictionary<LeftOutReason, ulong> _shownLeftOut = [];

    /// <summary>The ledger's sums begin with the ledger in memory, the counters with the process: what came since the last time is added.</summary>
    public void Show(Ledger.Ledger ledger)
    {
        if (_shown != ledger)
        {
            (_shown, _shownSettled, _shownRedirected, _shownLeftOut) = (ledger, 0, 0, []);
        }

        _links.Set(ledger.LinkCount);
        _unnamedBytes.Set(ledger.UnnamedBytes);
        _waitingRows.Set(ledger.WaitingRows);
        _settledBytes.Inc(ledger.SettledBytes - _shownSettled);
        _redirected.Inc(ledger.Redirected - _shownRedirected);
        (_shownSettled, _shownRedirected) = (ledger.SettledBytes, ledger.Redirected);
        foreach (var (reason, bytes) in ledger.LeftOutBytes)
        {
            _leftOutBytes.WithLabels(Label(reason)).Inc(bytes - _shownLeftOut.GetValueOrDefault(reason));
            _shownLeftOut[reason] = bytes;
        }
    }

    /// <summary>From zero on, so that the first is an increase.</summary>
    private static Counter LeftOut(Counter counter)
    {
        foreach (var reason in Enum.GetValues<LeftOutReason>())
        {
            counter.WithLabels(Label(reason));
        }

        return counter;
    }

    private static string Label(LeftOutReason reason) => reason switch
    {
        LeftOutReason.Loopback => "loopback",
        LeftOutReason.Namespace => "namespace",
        LeftOutReason.Workload => "workload",
        LeftOutReason.Network => "network",
        LeftOutReason.Port => "port",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "It has no label."),
    };
}
