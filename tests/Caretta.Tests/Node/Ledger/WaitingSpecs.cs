using Caretta.Messages;
using Caretta.Node.Ledger;
using Caretta.Node.Names;
using Caretta.Tests.Node.Fakes;

namespace Caretta.Tests.Node.Ledger;

/// <summary>Bytes without a name leave the kernel's table and wait in the ledger, through crashes, until they have one.</summary>
public class WaitingSpecs
{
    private const long Minute = 60_000_000_000;

    private readonly FaultyHost _host = new(idlePolls: 1) { Names = { HiddenWaits = true } };

    [Fact]
    public void A_flow_without_a_name_is_evicted_while_its_bytes_wait()
    {
        var key = FakeFlowTable.KeyOf(80);
        _host.Names.Hide(80);
        _host.Table.Count(key, 100);
        for (var i = 0; i < 6; i++)
        {
            _host.Poll();
        }

        Assert.DoesNotContain(key, _host.Table.Keys);
        Assert.Empty(_host.Durable);
        Assert.Equal(100UL, Assert.Single(_host.Store.Load()!.Waiting).Totals.SentBytes);
        Assert.Equal((100UL, 1), (_host.Ledger.UnnamedBytes, _host.Ledger.WaitingRows));
    }

    [Fact]
    public void What_waits_is_named_once_after_a_crash()
    {
        _host.Names.Hide(80);
        _host.Table.Count(FakeFlowTable.KeyOf(80), 100);
        _host.Poll();
        _host.Crash();
        _host.Table.Count(FakeFlowTable.KeyOf(80), 11);
        _host.Poll();
        _host.Names.Learn(80);
        _host.Poll();
        _host.Poll();

        Assert.Equal(111UL, _host.Durable[_host.Names.LinkOf(80)].SentBytes);
        Assert.Empty(_host.Store.Load()!.Waiting);
        Assert.Equal(0UL, _host.Ledger.UnnamedBytes);
    }

    [Fact]
    public void A_commit_that_failed_names_nothing_twice()
    {
        _host.Names.Hide(80);
        _host.Table.Count(FakeFlowTable.KeyOf(80), 100);
        _host.Poll();
        _host.Names.Learn(80);
        _host.Store.Fault = CommitFault.NothingWritten;
        Assert.False(_host.Poll());
        Assert.Single(_host.Store.Load()!.Waiting);

        Assert.True(_host.Poll());
        Assert.Empty(_host.Store.Load()!.Waiting);
        Assert.Equal(100UL, _host.Total.SentBytes);
    }

    [Fact]
    public void Bytes_that_waited_are_named_for_the_time_they_came()
    {
        var key = FakeFlowTable.KeyOf(80);
        _host.Names.Hide(80);
        _host.Table.Count(key, 100);
        var changed = (long)_host.Table[key].ChangedNs;
        _host.Poll();
        _host.Table.Count(FakeFlowTable.KeyOf(81), 1); // time goes on
        _host.Names.Learn(80);
        _host.Poll();

        Assert.Contains(changed, _host.Names.Times);
    }

    [Fact]
    public void Bytes_of_another_minute_wait_apart()
    {
        var rows = new WaitingRows(max: 4);
        var ends = Ends(80);
        rows.Add(ends, 0, Sent(1));
        rows.Add(ends, Minute, Sent(2));
        rows.Add(ends, Minute + 1, Sent(4));

        List<(long, long, ulong)> seen = [];
        rows.Remove(row =>
        {
            seen.Add((row.FirstNs, row.LastNs, row.Bytes));
            return true;
        });
        Assert.Equal([(0, Minute, 3UL), (Minute + 1, Minute + 1, 4UL)], seen);
        Assert.Equal((0, 0UL), (rows.Count, rows.Bytes));
    }

    [Fact]
    public void With_half_the_room_taken_a_row_grows_beyond_its_minute()
    {
        var rows = new WaitingRows(max: 2);
        rows.Add(Ends(80), 0, Sent(1));
        rows.Add(Ends(80), 2 * Minute, Sent(2));
        Assert.Equal((1, 3UL), (rows.Count, rows.Bytes));
    }

    [Fact]
    public void Without_room_bytes_get_the_best_name_there_is_and_are_counted()
    {
        var host = new FaultyHost(idlePolls: 10, maxWaiting: 1) { Names = { HiddenWaits = true } };
        host.Names.Hide(80);
        host.Names.Hide(81);
        host.Table.Count(FakeFlowTable.KeyOf(80), 100);
        host.Poll();
        host.Table.Count(FakeFlowTable.KeyOf(81), 7);
        host.Poll();

        Assert.Equal(7UL, host.Ledger.SettledBytes);
        Assert.Equal(7UL, host.Durable[new NetworkLink(StandIns.Other, StandIns.Other, 81, Role.Client)].SentBytes);
    }

    [Fact]
    public void What_is_left_out_is_counted_and_becomes_no_link()
    {
        _host.Names.LeftOut.Add(80);
        _host.Names.LeftOut.Add(81);
        _host.Names.Hide(81);
        _host.Table.Count(FakeFlowTable.KeyOf(80), 100);
        _host.Table.Count(FakeFlowTable.KeyOf(81), 11);
        _host.Poll();
        Assert.Equal(100UL, _host.Ledger.LeftOutBytes[LeftOutReason.Port]);

        _host.Names.Learn(81);
        _host.Poll();
        _host.Poll();
        Assert.Equal(111UL, _host.Ledger.LeftOutBytes[LeftOutReason.Port]);
        Assert.Empty(_host.Durable);
        Assert.Empty(_host.Store.Load()!.Waiting);
    }

    [Fact]
    public void A_ledger_whose_past_may_be_told_twice_gives_up_what_waits_and_says_so()
    {
        _host.Names.Hide(80);
        _host.Table.Count(FakeFlowTable.KeyOf(80), 100);
        _host.Poll();
        _host.Ledger.Renew("renamed", Guid.NewGuid(), LossReason.NodeRenamed);
        _host.Ledger.BeginPoll();
        var change = _host.Ledger.EndPoll(DateTimeOffset.UnixEpoch, _host.Names);

        Assert.Equal(new LedgerLoss(LossReason.NodeRenamed, 100), change.Loss);
        Assert.Equal(0, _host.Ledger.WaitingRows);
    }

    private static LinkEnds Ends(ushort port) => new(Guid.Empty, false, Address.Parse("10.0.0.1"), Address.Parse("10.0.0.2"), port, Role.Client);

    private static LinkTotals Sent(ulong bytes) => new() { SentBytes = bytes };
}
