using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Tests.Node.Fakes;

namespace Caretta.Tests.Node.Ledger;

/// <summary>Levels say how it is at the latest poll, and say so when it is over.</summary>
public class LevelSpecs
{
    private static readonly FlowKey Key = FakeFlowTable.KeyOf(80);
    private readonly FaultyHost _host = new(idlePolls: 100);

    [Fact]
    public void The_connections_of_all_flows_of_a_link_are_added()
    {
        _host.Table.Hold(Key, TcpState.Established, TcpState.Established);
        _host.Table.Hold(new FlowKey(System.Net.IPAddress.Loopback, System.Net.IPAddress.Loopback, 80, Role.Client), TcpState.CloseWait);
        _host.Table.Hold(FakeFlowTable.KeyOf(81), TcpState.SynSent);
        _host.Poll();
        Assert.Equal((2, 1), ((int)Levels(80)[TcpState.Established], (int)Levels(80)[TcpState.CloseWait]));
        Assert.Equal(1U, Levels(81)[TcpState.SynSent]);
    }

    [Fact]
    public void They_are_those_of_the_latest_poll_not_a_sum_of_polls()
    {
        _host.Table.Hold(Key, TcpState.Established);
        _host.Poll();
        _host.Table.Disturb(Key, ReadFault.Twice);
        _host.Poll();
        Assert.Equal(1U, Levels(80).ActiveConnections);
    }

    [Fact]
    public void The_end_of_the_last_connection_is_reported()
    {
        _host.Table.Count(Key, 100);
        _host.Table.Hold(Key, TcpState.Established);
        _host.Poll();
        var before = Sequence;
        _host.Table.Hold(Key);
        _host.Poll();
        Assert.True(Levels(80).IsEmpty);
        Assert.Equal(before + 1, Sequence);
    }

    [Fact]
    public void A_process_that_did_not_see_them_reports_that_they_are_gone()
    {
        _host.Table.Count(Key, 100);
        _host.Table.Hold(Key, TcpState.Established);
        _host.Poll();
        _host.Crash();
        _host.Table.Hold(Key);
        _host.Poll();
        Assert.True(Levels(80).IsEmpty);
    }

    [Fact]
    public void A_poll_in_which_nothing_changed_changes_no_link()
    {
        _host.Table.Count(Key, 100);
        _host.Table.Hold(Key, TcpState.Established);
        _host.Poll();
        var before = Sequence;
        _host.Poll();
        Assert.Equal(before, Sequence);
        Assert.Equal(before, _host.Store.Load()!.Identity.Sequence);
    }

    [Fact]
    public void A_read_that_broke_off_leaves_no_connections_behind()
    {
        _host.Table.Hold(Key, TcpState.Established);
        _host.Table.Hold(FakeFlowTable.KeyOf(81), TcpState.Established);
        _host.Table.Refuse(TableStep.Read);
        Assert.False(_host.Poll());
        _host.Poll();
        Assert.Equal((1U, 1U), (Levels(80).ActiveConnections, Levels(81).ActiveConnections));
    }

    private ulong Sequence => _host.Store.Load()!.Links.Max(link => link.Sequence);

    private LinkLevels Levels(int port) => _host.Store.Load()!.Links.Single(row => row.Link.ServerPort == port).Levels;
}
