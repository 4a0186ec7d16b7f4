using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Tests.Node.Fakes;
using NodeLedger = Caretta.Node.Ledger.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>Tables taken over, and totals that begin again: what was counted before is told as lost, never counted twice.</summary>
public sealed class AdoptionSpecs : IDisposable
{
    private static readonly FlowKey Key = FakeFlowTable.KeyOf(80);
    private static readonly FlowKey Later = FakeFlowTable.KeyOf(81);

    private readonly FakeFlowTable _table = new();
    private readonly FakeLedgerStore _store = new();
    private readonly FakeNames _names = new();
    private NodeLedger _ledger = new(new LedgerIdentity("node", Guid.NewGuid(), "boot", Guid.NewGuid()), maxLinks: 100);

    [Fact]
    public void What_the_first_read_shows_is_told_as_lost_and_only_what_comes_after_is_counted()
    {
        _table.Count(Key, new LinkTotals { SentBytes = 100, ReceivedBytes = 11 });
        _ledger.Adopt(LossReason.LedgerLost);
        Assert.Equal(new LedgerLoss(LossReason.LedgerLost, 111), Poll());
        _table.Count(Key, 20);
        Assert.Null(Poll());
        Assert.Equal(20UL, Total);
    }

    [Fact]
    public void A_flow_the_first_read_missed_is_taken_over_when_it_shows()
    {
        _table.Count(Key, 100);
        _table.Count(Later, 50);
        _table.Disturb(Key, ReadFault.Missed);
        _ledger.Adopt(LossReason.ForeignTable);
        Assert.Equal(new LedgerLoss(LossReason.ForeignTable, 50), Poll());
        Restart();
        Assert.Equal(new LedgerLoss(LossReason.ForeignTable, 100), Poll());
        Assert.Equal(0UL, Total);
    }

    [Fact]
    public void A_flow_born_after_the_first_read_is_counted_from_zero()
    {
        _table.Count(Key, 100);
        _ledger.Adopt(LossReason.LedgerLost);
        Poll();
        _table.Count(Later, 7);
        Assert.Null(Poll());
        Assert.Equal(7UL, Total);
    }

    [Fact]
    public void Empty_tables_leave_nothing_to_take_over_later()
    {
        _ledger.Adopt(LossReason.LedgerLost);
        Assert.Equal(new LedgerLoss(LossReason.LedgerLost, 0), Poll());
        _table.Count(new FlowKey(), 0); // moves the fake's clock past the first flow of the boot
        _table.Count(Key, 7);
        Assert.Null(Poll());
        Assert.Equal(7UL, Total);
    }

    [Fact]
    public void A_process_that_dies_before_its_first_read_leaves_the_adoption_to_the_next()
    {
        _table.Count(Key, 100);
        _ledger.Adopt(LossReason.LedgerLost);
        Commit();
        Restart();
        Assert.Equal(new LedgerLoss(LossReason.LedgerLost, 100), Poll());
        Assert.Equal(0UL, Total);
    }

    [Fact]
    public void A_read_that_breaks_off_does_not_end_the_adoption()
    {
        _table.Count(Key, 100);
        _table.Count(Later, 50);
        _ledger.Adopt(LossReason.LedgerLost);
        _table.Refuse(TableStep.Read);
        Assert.Throws<LibbpfException>(Poll);
        Assert.Equal(new LedgerLoss(LossReason.LedgerLost, 150), Poll());
        Assert.Equal(0UL, Total);
    }

    [Fact]
    public void A_loss_whose_commit_failed_is_told_with_the_next()
    {
        _table.Count(Key, 100);
        _ledger.Adopt(LossReason.LedgerLost);
        _store.Fault = CommitFault.NothingWritten;
        Assert.ThrowsAny<Exception>(Poll);
        Assert.Equal(new LedgerLoss(LossReason.LedgerLost, 100), Poll());
    }

    [Fact]
    public void Lost_tables_take_their_flows_with_them_and_leave_the_totals()
    {
        _table.Count(Key, 100);
        Poll();
        _ledger.ForgetFlows();
        var fresh = new FakeFlowTable();
        fresh.Count(Key, 30); // the same key and, for all we know, the same moment of birth
        Poll(fresh);
        Assert.Equal(130UL, Total);
        Assert.Single(_store.Load()!.Flows);
    }

    [Fact]
    public void Tables_made_anew_are_counted_from_zero_whatever_was_adopted_before()
    {
        _table.Count(Later, 100);
        _table.Count(Later, 100); // a clock that is ahead of the next boot's
        _ledger.Adopt(LossReason.LedgerLost);
        Poll();
        _ledger.ForgetFlows();
        var fresh = new FakeFlowTable();
        fresh.Count(Key, 30);
        Assert.Null(Poll(fresh));
        Assert.Equal(30UL, Total);
    }

    [Fact]
    public void A_new_incarnation_begins_from_zero_and_says_so()
    {
        _table.Count(Key, 100);
        Poll();
        var incarnation = Guid.NewGuid();
        _ledger.Renew("renamed", incarnation, LossReason.NodeRenamed);
        Assert.True(_ledger.Prepare(default).NewSource);
        Commit();
        Assert.Equal(("renamed", incarnation), (_store.Load()!.Identity.NodeName, _store.Load()!.Identity.Incarnation));
        Assert.Empty(_store.Load()!.Links);

        _table.Count(Key, 20);
        Poll();
        Assert.Equal(20UL, Total);
        Assert.Empty(_ledger.Prepare(default).ChangedLinks);
        Assert.False(_ledger.Prepare(default).NewSource);
    }

    [Fact]
    public void A_refused_incarnation_tells_as_lost_what_this_process_gave_it_and_what_waits_in_the_table()
    {
        _table.Count(Key, 1000);
        Poll();
        Restart();
        _table.Count(Key, 100);
        Poll();
        _table.Count(Key, 10);
        _ledger.Refuse(Guid.NewGuid());
        Assert.Equal(new LedgerLoss(LossReason.IncarnationRefused, 110), Poll());
        _table.Count(Key, 1);
        Assert.Null(Poll());
        Assert.Equal(1UL, Total);
    }

    [Fact]
    public void What_was_told_as_lost_by_one_refusal_is_not_told_by_the_next()
    {
        _table.Count(Key, 100);
        Poll();
        _ledger.Refuse(Guid.NewGuid());
        Poll();
        _table.Count(Key, 5);
        Poll();
        _ledger.Refuse(Guid.NewGuid());
        Assert.Equal(new LedgerLoss(LossReason.IncarnationRefused, 5), Poll());
    }

    [Fact]
    public void A_crash_after_a_refusal_counts_nothing_of_the_old_incarnation_again()
    {
        _table.Count(Key, 100);
        Poll();
        _ledger.Refuse(Guid.NewGuid());
        Commit();
        Restart();
        _table.Count(Key, 20);
        Poll();
        _table.Count(Key, 3);
        Poll();
        Assert.Equal(3UL, Total);
    }

    public void Dispose()
    {
        _table.Dispose();
        _store.Dispose();
    }

    private ulong Total => _store.Load()!.Links.Aggregate(0UL, (sum, row) => sum + row.Totals.SentBytes);

    private LedgerLoss? Poll() => Poll(_table);

    private LedgerLoss? Poll(FakeFlowTable table)
    {
        table.Fold();
        _ledger.BeginPoll();
        table.Read((in FlowRecord flow) => _ledger.Account(flow, _names));
        var change = _ledger.EndPoll(DateTimeOffset.UnixEpoch, _names);
        var loss = change.Loss;
        _store.Commit(change);
        _ledger.Committed();
        return loss;
    }

    private void Commit()
    {
        _store.Commit(_ledger.Prepare(DateTimeOffset.UnixEpoch));
        _ledger.Committed();
    }

    private void Restart() => _ledger = new NodeLedger(_store.Load()!, maxLinks: 100);
}
