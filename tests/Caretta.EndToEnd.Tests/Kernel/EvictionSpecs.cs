using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Flows leave the table in two phases while connections of the same flow come and go: no count is lost, none made twice.</summary>
public sealed class EvictionSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int Connections = 5000;

    [PrivilegedFact]
    public void Evicted_and_live_counts_together_are_the_truth()
    {
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        using var first = new Pair(hosts, Family.Ipv4, listener: listener);
        var port = first.Port;
        first.CloseBoth();
        var sent = 0UL;
        var churn = new Thread(() =>
        {
            for (var i = 0; i < Connections; i++)
            {
                using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
                pair.SendToServer(50 + (i % 100));
                pair.CloseBoth();
                sent += pair.ToServer;
            }
        });
        churn.Start();
        LinkTotals evicted = default;
        var evictions = 0;
        while (churn.IsAlive)
        {
            evicted += Evict(table.Table, port, ref evictions);
        }

        var ends = table.Poll(port);
        Assert.Equal(sent, ends.Client.SentBytes + evicted.SentBytes);
        Assert.Equal(Connections + 1UL, ends.Client.Opened + evicted.Opened);
        Assert.Equal(Connections + 1UL, ends.Client.Closed + evicted.Closed);
        Assert.True(evictions > 100, $"Only {evictions} flows were evicted beside the churn.");
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
