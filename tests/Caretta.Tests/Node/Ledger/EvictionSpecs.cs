using System.Net;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Tests.Node.Fakes;
using NodeLedger = Caretta.Node.Ledger.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>When a flow leaves the kernel's table, and when it must not. That no count is lost by it is for the LedgerSpecs.</summary>
public class EvictionSpecs
{
    private static readonly FlowKey Key = FakeFlowTable.KeyOf(80);

    [Fact]
    public void An_idle_flow_is_first_retired_then_read_once_more_and_only_then_deleted()
    {
        var host = new FaultyHost(idlePolls: 2);
        host.Table.Count(Key, 100);
        host.Poll();
        host.Poll();
        Assert.False(host.Table[Key].Retiring);
        host.Poll(); // idle for two polls
        Assert.True(host.Table[Key].Retiring);
        host.Poll(); // seen retiring for the first time: a read that began before may have missed its last counts
        Assert.Equal([Key], host.Table.Keys);
        host.Poll();
        Assert.Empty(host.Table.Keys);
        Assert.Equal(100UL, host.Total.SentBytes);
    }

    [Fact]
    public void A_flow_with_a_connection_stays_however_quiet_it_is()
    {
        var host = new FaultyHost(idlePolls: 0);
        host.Table.Count(Key, 100);
        host.Table.Hold(Key, TcpState.Established);
        Poll(host, 4);
        Assert.False(host.Table[Key].Retiring);
        host.Table.Hold(Key);
        Poll(host, 3);
        Assert.Empty(host.Table.Keys);
    }

    [Fact]
    public void A_flow_whose_bytes_wait_for_a_name_stays()
    {
        var host = new FaultyHost(idlePolls: 0);
        host.Names.Hide(80);
        host.Table.Count(Key, 100);
        Poll(host, 4);
        Assert.False(host.Table[Key].Retiring);
    }

    [Fact]
    public void A_retiring_flow_that_still_changed_is_looked_at_again()
    {
        var ledger = LedgerOf();
        var eviction = new Eviction(idlePolls: 0);
        Poll(ledger, eviction, Record(Key, 100, retiring: true));
        Poll(ledger, eviction, Record(Key, 110, retiring: true));
        Assert.Empty(eviction.Delete);
        Poll(ledger, eviction, Record(Key, 110, retiring: true));
        Assert.Equal([Key], eviction.Delete);
    }

    [Fact]
    public void The_overflow_tables_flows_stay()
    {
        var ledger = LedgerOf();
        var eviction = new Eviction(idlePolls: 0);
        Poll(ledger, eviction, Record(default, 100));
        Poll(ledger, eviction, Record(default, 100));
        Assert.Empty(eviction.Retire);
    }

    [Fact]
    public void A_flow_the_poll_did_not_see_is_not_chosen()
    {
        var ledger = LedgerOf();
        var eviction = new Eviction(idlePolls: 0);
        Poll(ledger, eviction, Record(Key, 100));
        Assert.Equal([Key], eviction.Retire);
        Poll(ledger, eviction);
        Assert.Empty(eviction.Retire);
    }

    [Fact]
    public void Both_slots_of_a_key_never_retire_together()
    {
        var ledger = LedgerOf();
        var eviction = new Eviction(idlePolls: 0);
        Poll(ledger, eviction, Record(Key, 100), Record(Eviction.OtherSlot(Key), 50));
        Assert.Empty(eviction.Retire);
        Poll(ledger, eviction, Record(Key, 100, retiring: true), Record(Eviction.OtherSlot(Key), 50));
        Poll(ledger, eviction, Record(Key, 100, retiring: true), Record(Eviction.OtherSlot(Key), 50));
        Assert.Equal([Key], eviction.Delete);
        Assert.Empty(eviction.Retire);

        // Deleted and missed by two reads in a row: now it is gone, and the other slot's turn has come.
        Poll(ledger, eviction, Record(Eviction.OtherSlot(Key), 50));
        Assert.Empty(eviction.Retire);
        Poll(ledger, eviction, Record(Eviction.OtherSlot(Key), 50));
        Assert.Equal([Eviction.OtherSlot(Key)], eviction.Retire);
    }

    [Fact]
    public void A_poll_after_a_flood_takes_no_more_than_it_may()
    {
        var flood = Enumerable.Range(1, 5).Select(port => Record(FakeFlowTable.KeyOf(port), 1)).ToArray();
        var ledger = LedgerOf();
        var eviction = new Eviction(idlePolls: 0, maxPerPoll: 2);
        Poll(ledger, eviction, flood);
        Assert.Equal(2, eviction.Retire.Count);
        var retiring = Array.ConvertAll(flood, record => record with { Retiring = true });
        Poll(ledger, eviction, retiring);
        Poll(ledger, eviction, retiring);
        Assert.Equal((2, 0), (eviction.Delete.Count, eviction.Retire.Count));
    }

    [Fact]
    public void The_ledger_forgets_a_flow_that_two_reads_after_its_deletion_did_not_show()
    {
        var host = new FaultyHost(idlePolls: 0);
        host.Table.Count(Key, 100);
        Poll(host, 3);
        Assert.Empty(host.Table.Keys);
        host.Poll();
        Assert.True(Assert.Single(host.Store.Load()!.Flows).Leaving);
        host.Poll();
        Assert.Empty(host.Store.Load()!.Flows);
        Assert.Equal(0, host.Ledger.FlowCount);
    }

    [Fact]
    public void A_flow_that_could_not_be_deleted_is_remembered_though_reads_miss_it_now_and_then()
    {
        var host = new FaultyHost(idlePolls: 0);
        host.Table.Count(Key, 100);
        Poll(host, 2);
        for (var i = 0; i < 3; i++)
        {
            host.Table.Refuse(TableStep.Delete);
            Assert.False(host.Poll());
            host.Table.Disturb(Key, ReadFault.Missed);
            Assert.True(host.Poll());
        }

        Poll(host, 1);
        Assert.Empty(host.Table.Keys);
        Assert.Equal(100UL, host.Total.SentBytes);
    }

    [Fact]
    public void A_flow_that_was_missed_but_never_chosen_is_remembered()
    {
        var host = new FaultyHost(idlePolls: 100);
        host.Table.Count(Key, 100);
        host.Poll();
        host.Table.Lose(Key);
        Poll(host, 4);
        Assert.Equal(100UL, Assert.Single(host.Store.Load()!.Flows).Attributed.SentBytes);
    }

    [Fact]
    public void A_crash_between_commit_and_deletion_leaves_a_flow_that_is_deleted_by_the_next_process()
    {
        var host = new FaultyHost(idlePolls: 0);
        host.Table.Count(Key, 100);
        Poll(host, 2);
        host.CrashIn(TableStep.Delete);
        Assert.Equal([Key], host.Table.Keys);
        host.Table.Count(Key, 20); // goes to the other slot
        Poll(host, 2);
        Assert.Equal([Eviction.OtherSlot(Key)], host.Table.Keys);
        Assert.Equal(120UL, host.Total.SentBytes);
    }

    [Fact]
    public void The_other_slot_is_the_same_key_but_for_the_slot()
    {
        var (local, remote) = (IPAddress.Parse("fe80::1"), IPAddress.Parse("fe80::2"));
        var key = new FlowKey(local, remote, 443, Role.Server, netns: 7, cgroupId: 9, comm: "nginx");
        var other = new FlowKey(local, remote, 443, Role.Server, netns: 7, cgroupId: 9, comm: "nginx", slot: 1);
        Assert.Equal(other, Eviction.OtherSlot(key));
        Assert.Equal(key, Eviction.OtherSlot(other));
    }

    private static NodeLedger LedgerOf() => new(new LedgerIdentity("node", Guid.NewGuid(), "boot", Guid.NewGuid()), maxLinks: 100);

    private static FlowRecord Record(in FlowKey key, ulong sent, bool retiring = false) =>
        new(key, BornNs: 1, ChangedNs: 1, Live: false, retiring, new LinkTotals { SentBytes = sent }, default);

    private static void Poll(FaultyHost host, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(host.Poll());
        }
    }

    private static void Poll(NodeLedger ledger, Eviction eviction, params FlowRecord[] records)
    {
        var names = new FakeNames();
        ledger.BeginPoll();
        Array.ForEach(records, record => ledger.Account(record, names));
        ledger.EndPoll(DateTimeOffset.UnixEpoch, names);
        eviction.Choose(ledger);
        ledger.Committed();
    }
}
