using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Caretta.Tests.Node.Fakes;
using Microsoft.Data.Sqlite;
using NodeLedger = Caretta.Node.Ledger.Ledger;

namespace Caretta.Tests.Node.Ledger;

/// <summary>A flow table, a ledger on a store and an eviction, and everything that can go wrong between them.</summary>
internal sealed class FaultyHost(int idlePolls, int maxLinks = 1000, int maxWaiting = 1000)
{
    private NodeLedger _ledger = new(new LedgerIdentity("node", Guid.NewGuid(), "boot", Guid.NewGuid()), maxLinks, maxWaiting);
    private Eviction _eviction = new(idlePolls);

    public FakeFlowTable Table { get; } = new();

    public FakeNames Names { get; } = new();

    public FakeLedgerStore Store { get; } = new();

    public NodeLedger Ledger => _ledger;

    /// <summary>What was last made durable, for who has only ever seen that.</summary>
    public IReadOnlyDictionary<NetworkLink, LinkTotals> Durable =>
        Store.Load()?.Links.ToDictionary(row => row.Link, row => row.Totals) ?? [];

    public LinkTotals Total => Durable.Values.Aggregate(default(LinkTotals), (sum, totals) => sum + totals);

    public LinkTotals Truth => Table.Truth.Values.Aggregate(default(LinkTotals), (sum, totals) => sum + totals);

    public Dictionary<NetworkLink, LinkTotals> TruthByLink =>
        Table.Truth.Where(counted => counted.Value != default)
            .ToDictionary(counted => Names.LinkOf(counted.Key.ServerPort, counted.Key.Role), counted => counted.Value);

    /// <returns>False if a step failed; the next poll makes up for it.</returns>
    public bool Poll()
    {
        try
        {
            Table.Fold();
            _ledger.BeginPoll();
            Table.Read((in FlowRecord flow) => _ledger.Account(flow, Names));
            var change = _ledger.EndPoll(DateTimeOffset.UnixEpoch, Names);
            _eviction.Choose(_ledger);
            Store.Commit(_ledger.Prepare(change.Identity.LastPoll));
            _ledger.Committed();
            Table.Retire(_eviction.Retire);
            Table.Delete(_eviction.Delete);
            return true;
        }
        catch (Exception failure) when (failure is LibbpfException or SqliteException)
        {
            return false;
        }
    }

    /// <summary>The process is gone, and another one finds what was last committed.</summary>
    public void Crash()
    {
        _eviction = new Eviction(idlePolls);
        if (Store.Load() is { } contents)
        {
            _ledger = new NodeLedger(contents, maxLinks, maxWaiting);
        }
        else
        {
            _ledger = new NodeLedger(_ledger.Identity, maxLinks, maxWaiting);
        }
    }

    /// <summary>Dies at the call of this step, half of it done.</summary>
    public void CrashIn(TableStep step)
    {
        Table.Refuse(step);
        Poll();
        Table.Forgive();
        Crash();
    }
}
