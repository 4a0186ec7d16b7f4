using Caretta.Node;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Tests.Node.Fakes;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Node.Probe;

/// <summary>A start, after whatever was before, and a start after a start that died on its way.</summary>
public sealed class ProbeStartSpecs : IDisposable
{
    private readonly AgentUnderTest _agent = new();

    /// <summary>How the host was left for the start.</summary>
    public enum Before
    {
        FirstStart,
        Killed,
        StoppedCleanly,
        OtherLayout,
        Rebooted,
        PinsLost,
        LedgerLost,
        LedgerAndPinsLost,
        ForeignTables,
        Renamed,
    }

    /// <summary>Where the start dies.</summary>
    public enum Death
    {
        Nowhere,
        FirstCommitNotWritten,
        FirstCommitWritten,
        BeforeOpen,
        AfterOpen,
        SecondCommitNotWritten,
        SecondCommitWritten,
        ThirdCommitNotWritten,
        ThirdCommitWritten,
        FourthCommitNotWritten,
        FourthCommitWritten,
        FifthCommitNotWritten,
        FifthCommitWritten,
        InDetach,
        InLastRead,
        InRemove,
    }

    public static TheoryData<Before, Death> All =>
        [.. from before in Enum.GetValues<Before>() from death in Enum.GetValues<Death>() select (before, death)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Wherever_a_start_dies_the_next_one_loses_nothing_untold_and_doubles_nothing(Before before, Death death)
    {
        var older = Prepare(before);
        var earlierBoots = before == Before.Rebooted ? _agent.Total : 0;
        var underEarlierName = before == Before.Renamed ? _agent.Total : 0;
        StartAndDie(death, before);
        older.Sent += 7;

        var poller = _agent.Start();
        Assert.NotNull(poller.Run());
        var (total, told) = (_agent.Total, await Told());
        var sent = _agent.Kernel.Sent + earlierBoots;
        Assert.True(total <= sent, $"Doubled: {total} of {sent} bytes are attributed.");
        Assert.True(
            total + told + underEarlierName >= sent,
            $"Lost in silence: of {sent} bytes {total} are attributed and {told} told as lost.");
        if (before is Before.FirstStart or Before.Killed or Before.StoppedCleanly or Before.OtherLayout or Before.Rebooted)
        {
            Assert.Equal((sent, 0UL), (total, told));
        }

        older.Sent += 1000;
        _agent.Kernel.Connect(81).Sent = 100;
        Assert.NotNull(poller.Run());
        Assert.Equal((total + 1100, told), (_agent.Total, await Told()));
    }

    [Fact]
    public void The_ledger_knows_the_tables_before_they_are_made()
    {
        _agent.Kernel.DiesBeforeOpen = new InvalidOperationException();
        Assert.Throws<InvalidOperationException>(() => _agent.Start());
        var promised = _agent.Identity.TableId;
        _agent.Kernel.DiesAfterOpen = new InvalidOperationException();
        Assert.Throws<InvalidOperationException>(() => _agent.Start());
        Assert.Equal(_agent.Table.TableId, _agent.Identity.TableId);
        Assert.NotEqual(promised, Guid.Empty);
        _agent.Start();
        Assert.Equal((1, LossReason.None), (_agent.Kernel.Made, _agent.Identity.AdoptReason));
    }

    [Fact]
    public void Accounts_are_handed_over_once()
    {
        var socket = _agent.Kernel.Connect(80);
        socket.Sent = 100;
        var poller = _agent.Start();
        poller.Run();
        poller.Unload();
        Assert.Equal([socket.Cookie], _agent.Store.Load()!.Carried.Select(account => account.Cookie));

        _agent.Start();
        Assert.Equal([100UL], _agent.Kernel.MadeWith!.Carried.Select(account => account.Sent));
        Assert.Empty(_agent.Store.Load()!.Carried);
        Assert.False(_agent.Identity.Detached);

        _agent.Kernel.LosePins();
        _agent.Start();
        Assert.Empty(_agent.Kernel.MadeWith!.Carried);
    }

    [Theory]
    [InlineData(Before.Killed)]
    [InlineData(Before.StoppedCleanly)]
    public async Task A_ledger_put_back_adds_nothing_that_another_one_counted_meanwhile(Before before)
    {
        var older = Prepare(before);
        var (first, counted) = (_agent.Store, _agent.Total);
        _agent.LoseLedger();
        using var second = _agent.Store;
        var poller = _agent.Start();
        poller.Run();
        older.Sent += 300;
        poller.Run();
        Assert.Equal(300UL, _agent.Total);
        if (before == Before.StoppedCleanly)
        {
            poller.Unload();
        }

        _agent.Store = first;
        poller = _agent.Start();
        poller.Run();
        Assert.Equal(counted, _agent.Total);
        Assert.Equal(1, await _agent.Metric("caretta_node_loss_events_total{reason=\"foreign_table\"}"));
        older.Sent += 5;
        poller.Run();
        Assert.Equal(counted + 5, _agent.Total);
    }

    [Fact]
    public async Task Accounts_of_an_earlier_boot_are_not_used()
    {
        _agent.Kernel.Connect(80).Sent = 100;
        var poller = _agent.Start();
        poller.Run();
        poller.Unload();
        _agent.Reboot();
        _agent.Kernel.Connect(80).Sent = 30; // a cookie that was given out before, too
        _agent.Start().Run();
        Assert.Empty(_agent.Kernel.MadeWith!.Carried);
        Assert.Equal((130UL, 0UL), (_agent.Total, await Told()));
    }

    [Fact]
    public async Task Time_in_which_nobody_counted_is_told()
    {
        var poller = _agent.Start();
        _agent.Time.Pass(TimeSpan.FromHours(1));
        poller.Run();
        poller.Unload();
        _agent.Time.Pass(TimeSpan.FromSeconds(90));
        _agent.Start();
        Assert.Equal(90, await _agent.Metric("caretta_node_unobserved_seconds_total"));
    }

    [Fact]
    public async Task Pinned_programs_counted_all_the_time()
    {
        _agent.Start().Run();
        _agent.Time.Pass(TimeSpan.FromSeconds(90));
        _agent.Start();
        Assert.Equal(0, await _agent.Metric("caretta_node_unobserved_seconds_total"));
    }

    [Theory]
    [InlineData(Before.LedgerLost, "ledger_lost", 500)]
    [InlineData(Before.ForeignTables, "foreign_table", 40)]
    [InlineData(Before.Renamed, "node_renamed", 0)]
    [InlineData(Before.LedgerAndPinsLost, "ledger_lost", 0)]
    [InlineData(Before.PinsLost, "table_lost", 0)]
    public async Task A_loss_is_told_once_with_its_reason(Before before, string reason, double atLeast)
    {
        Prepare(before);
        _agent.Start().Run();
        Assert.Equal(1, await _agent.Metric($"caretta_node_loss_events_total{{reason=\"{reason}\"}}"));
        Assert.InRange(await _agent.Metric($"caretta_node_adopted_bytes_total{{reason=\"{reason}\"}}"), atLeast, _agent.Kernel.Sent + 40);
        _agent.Start().Run();
        Assert.Equal(1, await _agent.Metric($"caretta_node_loss_events_total{{reason=\"{reason}\"}}"));
    }

    [Fact]
    public async Task A_ledger_that_could_not_be_read_is_told_though_nothing_else_shows_it()
    {
        _agent.Start(ledgerSetAside: true).Run();
        Assert.Equal(1, await _agent.Metric("caretta_node_loss_events_total{reason=\"ledger_lost\"}"));
    }

    [Theory]
    [InlineData(Before.Killed, false)]
    [InlineData(Before.StoppedCleanly, false)]
    [InlineData(Before.Rebooted, false)]
    [InlineData(Before.PinsLost, false)]
    [InlineData(Before.ForeignTables, false)]
    [InlineData(Before.LedgerLost, true)]
    [InlineData(Before.Renamed, true)]
    public void Totals_go_on_unless_the_ledger_is_not_this_nodes(Before before, bool again)
    {
        var store = _agent.Store;
        Prepare(before);
        var earlier = store.Load()!.Identity.Incarnation;
        var poller = _agent.Start();
        Assert.Equal(again, poller.Source.Incarnation != earlier);
        Assert.Equal(_agent.Options.NodeName, poller.Source.NodeName);
        Assert.Equal(again ? 0 : 1, poller.Started().Reports.Count);
    }

    [Fact]
    public void A_run_folder_that_cannot_be_written_stops_the_start_before_anything_is_attached_and_costs_nothing()
    {
        var older = _agent.Kernel.Connect(80);
        older.Sent = 500;
        var good = _agent.Options.RunFolder;
        _agent.Options.RunFolder = "/proc/caretta";
        Assert.Throws<BadStartException>(() => _agent.Start());
        Assert.Null(_agent.Kernel.Pinned);
        _agent.Options.RunFolder = good;
        _agent.Start().Run();
        Assert.Equal(500UL, _agent.Total);
    }

    [Fact]
    public void A_table_whose_start_failed_is_let_go_of()
    {
        _agent.Store.FaultAt = commit => commit == 2 ? CommitFault.NothingWritten : null;
        Assert.Throws<SqliteException>(() => _agent.Start());
        Assert.True(_agent.Table.Disposed);
        Assert.True(_agent.Table.Attached);
    }

    public void Dispose() => _agent.Dispose();

    /// <returns>A connection that is older than the start.</returns>
    private FakeSocket Prepare(Before before)
    {
        var older = _agent.Kernel.Connect(80);
        older.Sent = 500;
        if (before == Before.FirstStart)
        {
            return older;
        }

        var poller = _agent.Start();
        poller.Run();
        older.Sent += 50;
        poller.Run();
        switch (before)
        {
            case Before.StoppedCleanly: poller.Unload(); break;
            case Before.OtherLayout: _agent.Kernel.SameLayout = false; break;
            case Before.Rebooted: _agent.Reboot(); return _agent.Kernel.Connect(80);
            case Before.PinsLost: _agent.Kernel.LosePins(); break;
            case Before.LedgerLost: _agent.LoseLedger(); break;
            case Before.LedgerAndPinsLost: _agent.LoseLedger(); _agent.Kernel.LosePins(); break;
            case Before.ForeignTables: _agent.Kernel.PinForeign().Count(FakeFlowTable.KeyOf(90), 40); break;
            case Before.Renamed: _agent.Options.NodeName = "another"; break;
            default: break;
        }

        older.Sent += 10;
        return older;
    }

    private void StartAndDie(Death death, Before before)
    {
        var store = _agent.Store;
        var earlier = store.Commits;
        store.FaultAt = commit => FaultOf(death, commit - earlier);
        TableStep? detaching = death switch
        {
            Death.InDetach => TableStep.Detach,
            Death.InLastRead => TableStep.Read,
            Death.InRemove => TableStep.Remove,
            _ => null,
        };
        if (detaching is { } step && before == Before.OtherLayout)
        {
            _agent.Table.Refuse(step);
        }

        _agent.Kernel.DiesBeforeOpen = death == Death.BeforeOpen ? new InvalidOperationException() : null;
        _agent.Kernel.DiesAfterOpen = death == Death.AfterOpen ? new InvalidOperationException() : null;
        try
        {
            _agent.Start();
        }
        catch (Exception died) when (died is SqliteException or InvalidOperationException or LibbpfException)
        {
        }

        store.FaultAt = _ => null;
    }

    private static CommitFault? FaultOf(Death death, int commit) => (death, commit) switch
    {
        (Death.FirstCommitNotWritten, 1) or (Death.SecondCommitNotWritten, 2) or (Death.ThirdCommitNotWritten, 3)
            or (Death.FourthCommitNotWritten, 4) or (Death.FifthCommitNotWritten, 5) => CommitFault.NothingWritten,
        (Death.FirstCommitWritten, 1) or (Death.SecondCommitWritten, 2) or (Death.ThirdCommitWritten, 3)
            or (Death.FourthCommitWritten, 4) or (Death.FifthCommitWritten, 5) => CommitFault.EverythingWritten,
        _ => null,
    };

    /// <summary>Bytes that are told as not attributed, whichever way.</summary>
    private async Task<ulong> Told()
    {
        var adopted = 0.0;
        foreach (var reason in Enum.GetValues<LossReason>())
        {
            adopted += await _agent.Metric($"caretta_node_adopted_bytes_total{{reason=\"{NodeMetrics.Label(reason)}\"}}");
        }

        return (ulong)adopted + _agent.Table.Counters.UnobservedBytes;
    }
}
