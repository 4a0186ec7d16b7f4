using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A full flow table loses detail, not bytes; when there is no room at all the loss is counted to the byte.</summary>
public sealed class TableLimitSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int Ports = 40;

    [PrivilegedFact]
    public void When_the_table_is_full_the_overflow_table_has_the_rest()
    {
        using var table = new TableUnderTest(options => options with { MaxFlows = 16 });
        var (toServer, toClient, ports) = Talk();
        var (flows, overflow) = Sums(table, ports);
        Assert.Equal(toServer, flows.SentBytes + overflow.SentBytes);
        Assert.Equal(toClient, flows.ReceivedBytes + overflow.ReceivedBytes);
        Assert.Equal((ulong)Ports, flows.Opened + overflow.Opened);
        Assert.True(overflow.SentBytes > 0);
        Assert.True(table.Table.ReadCounters().Overflowed > 0);
        Assert.Equal(0UL, table.Table.ReadCounters().LostBytes);
    }

    [PrivilegedFact]
    public void When_the_overflow_table_is_full_too_the_loss_is_counted()
    {
        using var table = new TableUnderTest(options => options with { MaxFlows = 16, MaxOverflowFlows = 4 });
        var (toServer, toClient, ports) = Talk();
        var both = Sums(table, ports, role: null);
        var counters = table.Table.ReadCounters();
        Assert.True(counters.LostFlows > 0);
        // Both ends of each connection count: what either sent, the other received. Other traffic of the machine may be lost as well.
        var counted = both.Flows.SentBytes + both.Flows.ReceivedBytes + both.Overflow.SentBytes + both.Overflow.ReceivedBytes;
        Assert.True(counted + counters.LostBytes >= 2 * (toServer + toClient), $"{counted} counted, {counters.LostBytes} lost of {2 * (toServer + toClient)}");
        Assert.True(counted < 2 * (toServer + toClient));
    }

    private static (LinkTotals Flows, LinkTotals Overflow) Sums(TableUnderTest table, HashSet<int> ports, Role? role = Role.Client)
    {
        LinkTotals flows = default, overflow = default;
        table.Table.Fold();
        table.Table.Read((in FlowRecord flow) =>
        {
            if (!ports.Contains(flow.Key.ServerPort) || (role is not null && flow.Key.Role != role))
            {
                return;
            }

            if (flow.Key.IsOverflow)
            {
                overflow += flow.Totals;
            }
            else
            {
                flows += flow.Totals;
            }
        });
        return (flows, overflow);
    }

    private (ulong ToServer, ulong ToClient, HashSet<int> Ports) Talk()
    {
        var (toServer, toClient, ports) = (0UL, 0UL, new HashSet<int>());
        for (var i = 0; i < Ports; i++)
        {
            using var pair = new Pair(hosts, Family.Ipv4);
            pair.SendToServer(1000 + i);
            pair.SendToClient(2000 + i);
            pair.CloseBoth();
            toServer += pair.ToServer;
            toClient += pair.ToClient;
            ports.Add(pair.Port); // the kernel may give a port out again
        }

        return (toServer, toClient, ports);
    }
}
