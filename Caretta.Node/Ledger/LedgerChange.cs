using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Ledger;

/// <summary>
/// What must be made durable, in one transaction, before anything of it is sent. It gathers until the ledger is told that it is committed,
/// so a commit that failed is part of the next one.
/// </summary>
public sealed class LedgerChange
{
    private readonly List<LedgerFlow> _changedFlows = [];
    private readonly List<LedgerLink> _changedLinks = [];
    private readonly List<WaitingRow> _changedWaiting = [];
    private readonly List<long> _deletedFlowRows = [];
    private readonly List<long> _deletedWaitingRows = [];

    internal LedgerChange(LedgerIdentity identity) => Identity = identity;

    /// <summary>As it is once this is committed.</summary>
    public LedgerIdentity Identity { get; internal set; }

    /// <summary>All totals restart: the forwarder is to be told of a new source.</summary>
    public bool NewSource { get; internal set; }

    /// <summary>Before the changed ones are written.</summary>
    public bool DropAllFlows { get; internal set; }

    /// <summary>Before the changed ones are written.</summary>
    public bool DropAllLinks { get; internal set; }

    public IReadOnlyList<LedgerFlow> ChangedFlows => _changedFlows;

    public IReadOnlyList<LedgerLink> ChangedLinks => _changedLinks;

    public IReadOnlyList<long> DeletedFlowRows => _deletedFlowRows;

    /// <summary>Those that are gone again among them are not written.</summary>
    public IReadOnlyList<WaitingRow> ChangedWaiting => _changedWaiting;

    public IReadOnlyList<long> DeletedWaitingRows => _deletedWaitingRows;

    /// <summary>The accounts of the open sockets, replacing those in the store; null leaves them.</summary>
    public IReadOnlyList<SocketAccount>? Carried { get; internal set; }

    public LedgerLoss? Loss { get; internal set; }

    /// <summary>The epoch that begins, after all others, or by itself where all links are dropped; null: none does.</summary>
    public LedgerEpoch? NewEpoch { get; internal set; }

    /// <summary>Nothing but perhaps the time of the last poll is new.</summary>
    public bool IsEmpty => _changedFlows.Count == 0 && _changedLinks.Count == 0 && _deletedFlowRows.Count == 0
        && _changedWaiting.Count == 0 && _deletedWaitingRows.Count == 0
        && !NewSource && !DropAllFlows && !DropAllLinks && Carried is null && Loss is null && NewEpoch is null && !IdentityChanged;

    internal bool IdentityChanged { get; set; }

    /// <summary>One for each changed link; a new list, because the forwarder keeps it.</summary>
    public IReadOnlyList<Report> ToReports()
    {
        if (_changedLinks.Count == 0)
        {
            return [];
        }

        var reports = new Report[_changedLinks.Count];
        for (var i = 0; i < reports.Length; i++)
        {
            var link = _changedLinks[i];
            reports[i] = new Report(link.Link, link.Sequence, link.Totals, link.Levels);
        }

        return reports;
    }

    internal void Add(LedgerFlow flow)
    {
        if (!flow.Dirty)
        {
            flow.Dirty = true;
            _changedFlows.Add(flow);
        }
    }

    internal void Add(LedgerLink link)
    {
        if (!link.Dirty)
        {
            link.Dirty = true;
            _changedLinks.Add(link);
        }
    }

    internal void Add(WaitingRow row)
    {
        if (!row.Dirty)
        {
            row.Dirty = true;
            _changedWaiting.Add(row);
        }
    }

    internal void AddDeleted(WaitingRow row)
    {
        row.Gone = true;
        _deletedWaitingRows.Add(row.Row);
    }

    internal void AddDeleted(LedgerFlow flow)
    {
        if (flow.Dirty)
        {
            flow.Dirty = false;
            _changedFlows.Remove(flow);
        }

        _deletedFlowRows.Add(flow.Row);
    }

    internal void DropFlows()
    {
        _changedFlows.ForEach(flow => flow.Dirty = false);
        _changedFlows.Clear();
        _deletedFlowRows.Clear();
        DropAllFlows = true;
    }

    internal void DropLinks()
    {
        _changedLinks.ForEach(link => link.Dirty = false);
        _changedLinks.Clear();
        DropAllLinks = true;
    }

    internal void Reset()
    {
        foreach (var flow in _changedFlows)
        {
            (flow.Dirty, flow.Stored) = (false, true);
        }

        foreach (var link in _changedLinks)
        {
            (link.Dirty, link.Stored) = (false, true);
        }

        foreach (var row in _changedWaiting)
        {
            (row.Dirty, row.Stored) = (false, true);
        }

        _changedFlows.Clear();
        _changedLinks.Clear();
        _changedWaiting.Clear();
        _deletedFlowRows.Clear();
        _deletedWaitingRows.Clear();
        (NewSource, DropAllFlows, DropAllLinks, IdentityChanged) = (false, false, false, false);
        (Carried, Loss, NewEpoch) = (null, null, null);
    }
}
