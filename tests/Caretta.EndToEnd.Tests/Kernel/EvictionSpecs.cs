using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Flows leave the table in two phases while connections of the same flow come and go: no count is lost, none made twice.</summary>
public sealed class EvictionSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int Connections = 5000;
    private const int Evictions = 100;

    [PrivilegedFact]
    public void Evicted_and_live_counts_together_are_the_truth()
    {
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        using var first = new Pair(hosts, Family.Ipv4, listener: listener);
        var port = first.Port;
        first.CloseBoth();
        var (sent, made, evictions) = (0UL, 0UL, 0);
        using var churn = new Beside(stop =>
        {
            // However the two share the processors, there is enough of both.
            for (; !stop.IsCancellationRequested && (made < Connections || Volatile.Read(ref evictions) <= Evictions); made++)
            {
                using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
                pair.SendToServer(50 + (int)(made % 100));
                pair.CloseBoth();
                sent += pair.ToServer;
            }
        });
        LinkTotals evicted = default;
        while (churn.GoesOn)
        {
            evicted += Evict(table.Table, port, ref evictions);
        }

        churn.Join();
        var ends = table.Poll(port);
        Assert.Equal(sent, ends.Client.SentBytes + evicted.SentBytes);
        Assert.Equal(made + 1, ends.Client.Opened + evicted.Opened);
        Assert.Equal(made + 1, ends.Client.Closed + evicted.Closed);
    }

    /// <summary>Marks this port's client flow; reads it again, and deletes what is read as retiring.</summary>
    private static LinkTotals Evict(KernelFlowTable table, int port, ref int evictions)
    {
        var present = new List<FlowRecord>();
        table.Fold();
        table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == port && flow.Key.Role == Role.Client)
            {
                present.Add(flow);
            }
        });
        LinkTotals evicted = default;
        foreach (var flow in present)
        {
            if (flow.Retiring)
            {
                table.Delete([flow.Key]);
                evicted += flow.Totals;
                evictions++;
            }
            else if (present.Count == 1)
            {
                table.Retire([flow.Key]);
            }
        }

        return evicted;
    }
}
