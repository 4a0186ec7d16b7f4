using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Agents come and go, programs are upgraded, layouts change: an open connection's bytes are counted once.</summary>
public sealed class GenerationSpecs(TwoHosts hosts, ITestOutputHelper output) : IClassFixture<TwoHosts>
{
    [PrivilegedFact]
    public void A_killed_agents_programs_count_on_and_the_next_one_finds_it_all()
    {
        using var table = new TableUnderTest();
        var id = table.Table.TableId;
        using var pair = new Pair(hosts, Family.Ipv4);
        pair.SendToServer(100);
        table.Table.Fold();
        table.Reopen();
        pair.SendToClient(200);
        pair.CloseBoth();
        Assert.Equal(id, table.Table.TableId);
        AssertSent(table.Poll(pair.Port).Client, pair);
    }

    [PrivilegedFact]
    public void What_was_carried_over_a_detach_goes_on_exactly_bytes_in_between_included()
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, Family.Ipv6);
        pair.SendToServer(1000);
        pair.SendToClient(500);
        var carried = table.Table.Detach();
        var before = table.Read(pair.Port);
        table.Table.Remove();
        pair.SendToServer(30);
        table.Reopen(options => options with { FreshBoot = false, Carried = carried });
        table.Table.Enrol();
        pair.SendToClient(7);
        pair.CloseBoth();

        var after = table.Poll(pair.Port);
        AssertSent(before.Client + after.Client, pair);
        Assert.Equal((pair.ToClient, pair.ToServer), Sum(before.Server, after.Server));
        Assert.Equal((1UL, 1UL), (before.Client.Opened + after.Client.Opened, after.Client.Closed));
        Assert.Equal(pair.ToServer, after.Client.PastSentBytes);
    }

    [PrivilegedFact]
    public void A_second_agent_on_the_same_pins_is_refused()
    {
        using var table = new TableUnderTest();
        var refused = Assert.Throws<PinFolderInUseException>(() => KernelFlowTable.Open(new FlowTableOptions { PinFolder = table.PinFolder }));
        Assert.Contains(table.PinFolder, refused.Message, StringComparison.Ordinal);
    }

    [PrivilegedFact]
    public Task An_upgrade_in_the_middle_of_a_churn_counts_each_connection_once() => HiddenChanges.Excluded(output, UpgradeInTheMiddleOfAChurn);

    private void UpgradeInTheMiddleOfAChurn()
    {
        const int Connections = 10_000, Upgrades = 4;
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(System.Net.Sockets.AddressFamily.InterNetwork);
        using var open = new Pair(hosts, Family.Ipv4, listener: listener);
        open.SendToServer(123);
        var other = BpfObjects.Build("BUILD=other");
        var (sent, made, upgrades) = (0UL, 0UL, 0);
        using var churn = new Beside(stop =>
        {
            for (; !stop.IsCancellationRequested && (made < Connections || Volatile.Read(ref upgrades) < Upgrades); made++)
            {
                using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
                pair.SendToServer(100);
                pair.CloseBoth();
                sent += pair.ToServer;
            }
        });
        while (churn.GoesOn)
        {
            table.Reopen(options => options with { ObjectFile = upgrades % 2 == 0 ? other : null });
            table.Table.Fold();
            Volatile.Write(ref upgrades, upgrades + 1);
        }

        churn.Join();
        open.CloseBoth();
        var ends = table.Poll(open.Port);
        Assert.Equal(sent + 123, ends.Client.SentBytes);
        Assert.Equal(sent + 123, ends.Server.ReceivedBytes);
        Assert.Equal((made + 1, made + 1), (ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((made + 1, made + 1), (ends.Server.Opened, ends.Server.Closed));
    }

    [PrivilegedFact]
    public void A_changed_layout_carries_over_what_was_counted_of_open_connections()
    {
        var floor = BpfObjects.Build("LAYOUT_FLOOR=1");
        using var table = new TableUnderTest(options => options with { ObjectFile = floor, Layout = 0 });
        using var pair = new Pair(hosts, Family.Ipv4);
        pair.SendToServer(1000);
        pair.SendToClient(600);
        table.Table.Fold();
        pair.SendToServer(24);
        table.Table.Dispose();
        Assert.False(KernelFlowTable.Find(table.PinFolder)!.CurrentLayout);

        IReadOnlyList<SocketAccount> carried;
        var before = new Ends();
        using (var older = KernelFlowTable.OpenOtherLayout(table.PinFolder)!)
        {
            carried = older.Detach();
            older.Read((in FlowRecord flow) =>
            {
                if (flow.Key.ServerPort == pair.Port)
                {
                    before.Add(flow);
                }
            });
            older.Remove();
        }

        table.Reopen(options => options with { ObjectFile = null, Layout = 1, FreshBoot = false, Carried = carried });
        table.Table.Enrol();
        pair.SendToClient(76);
        pair.CloseBoth();
        AssertSent(before.Client + table.Poll(pair.Port).Client, pair);
    }

    [PrivilegedFact]
    public async Task After_a_removal_nothing_of_ours_is_left_in_the_kernel()
    {
        string folder;
        KernelObjects made;
        using (var table = new TableUnderTest())
        {
            folder = table.PinFolder;
            made = KernelObjects.PinnedUnder(folder);
            Assert.Equal(made, made.Present());
        }

        Assert.False(Directory.Exists(folder));
        // The kernel takes programs off in its own time.
        await Eventually.True(() => Task.FromResult(made.Present().IsEmpty), () => $"gone from the kernel: {made.Present()}");
    }

    private static void AssertSent(in LinkTotals client, Pair pair) => Assert.Equal((pair.ToServer, pair.ToClient), (client.SentBytes, client.ReceivedBytes));

    private static (ulong, ulong) Sum(in LinkTotals a, in LinkTotals b) => (a.SentBytes + b.SentBytes, a.ReceivedBytes + b.ReceivedBytes);
}
