using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Ledger;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Node.Fakes;

/// <summary>A ledger store in memory. It outlives its readers, and a commit throws when told to.</summary>
internal sealed class FakeLedgerStore : ILedgerStore
{
    private const int Full = 13;
    private const int IoError = 10;

    private readonly Dictionary<long, LedgerContents.FlowRow> _flows = [];
    private readonly Dictionary<long, LedgerContents.LinkRow> _links = [];
    private readonly Dictionary<long, LedgerContents.WaitRow> _waiting = [];
    private readonly List<LedgerEpoch> _epochs = [];
    private LedgerIdentity? _identity;
    private IReadOnlyList<SocketAccount> _carried = [];

    public int Commits { get; private set; }

    public int Loads { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>Of the next load by an agent.</summary>
    public bool LoadFails { get; set; }

    /// <summary>Of the next commit.</summary>
    public CommitFault? Fault { get; set; }

    /// <summary>Asked at each commit, which counts from 1.</summary>
    public Func<int, CommitFault?> FaultAt { get; set; } = _ => null;

    /// <summary>For a spec to look at.</summary>
    public LedgerContents? Contents =>
        _identity is null ? null : new LedgerContents(_identity, [.. _flows.Values], [.. _links.Values], _carried)
        {
            Waiting = [.. _waiting.Values],
            Epochs = [.. _epochs],
        };

    public LedgerContents? Load()
    {
        Loads++;
        if (LoadFails)
        {
            LoadFails = false;
            throw new SqliteException("The disk cannot be read, for the sake of the test.", IoError);
        }

        return Contents;
    }

    public void Commit(LedgerChange change)
    {
        var fault = Fault ?? FaultAt(Commits + 1);
        Fault = null;
        Commits++;
        if (fault != CommitFault.NothingWritten)
        {
            Apply(change);
        }

        if (fault is not null)
        {
            throw new SqliteException("The disk is full, for the sake of the test.", Full);
        }
    }

    public void Dispose() => Disposed = true;

    private void Apply(LedgerChange change)
    {
        if (change.DropAllFlows)
        {
            _flows.Clear();
        }

        if (change.DropAllLinks)
        {
            _links.Clear();
            _epochs.Clear();
        }

        _identity = change.Identity;
        foreach (var flow in change.ChangedFlows)
        {
            Assert.True(!flow.Stored || _flows.ContainsKey(flow.Row), "An update must find its row.");
            _flows[flow.Row] = new LedgerContents.FlowRow(flow.Row, flow.Key, flow.BornNs, flow.Leaving, flow.Attributed);
        }

        foreach (var row in change.DeletedFlowRows)
        {
            _flows.Remove(row);
        }

        foreach (var link in change.ChangedLinks)
        {
            Assert.True(!link.Stored || _links.ContainsKey(link.Row), "An update must find its row.");
            _links[link.Row] = new LedgerContents.LinkRow(link.Row, link.Link, link.Sequence, link.Totals, link.Levels);
        }

        foreach (var row in change.ChangedWaiting.Where(row => !row.Gone))
        {
            _waiting[row.Row] = new LedgerContents.WaitRow(row.Row, row.Ends, row.FirstNs, row.LastNs, row.Totals);
        }

        foreach (var row in change.DeletedWaitingRows)
        {
            _waiting.Remove(row);
        }

        _carried = change.Carried ?? _carried;
        if (change.NewEpoch is { } epoch && !_epochs.Contains(epoch))
        {
            _epochs.Add(epoch);
        }
    }
}
