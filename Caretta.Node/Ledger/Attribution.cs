using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>Where a flow's new counts go: to a link, to the rows that wait for a name, or for good to none.</summary>
internal sealed class Attribution(LedgerChange change, int maxLinks, int maxWaiting)
{
    private readonly Dictionary<LeftOutReason, ulong> _leftOut = [];

    public LinkTable Links { get; } = new(maxLinks);

    public WaitingRows Waiting { get; } = new(maxWaiting);

    /// <summary>Bytes that found no room to wait in.</summary>
    public ulong SettledBytes { get; private set; }

    public IReadOnlyDictionary<LeftOutReason, ulong> LeftOutBytes => _leftOut;

    /// <summary>What this process has added to links.</summary>
    public ulong BytesOfThisProcess { get; set; }

    public void Restore(LedgerContents contents)
    {
        foreach (var row in contents.Links)
        {
            Links.Restore(row);
        }

        foreach (var row in contents.Waiting)
        {
            Waiting.Restore(new WaitingRow(row.Row, row.Ends, row.FirstNs) { LastNs = row.LastNs, Totals = row.Totals, Stored = true });
        }
    }

    /// <summary>Forgets all links and all that waits.</summary>
    /// <returns>Bytes that waited.</returns>
    public ulong Clear()
    {
        var waited = Waiting.Bytes;
        Waiting.Remove(Forget);
        Links.Clear();
        change.DropLinks();
        return waited;
    }

    /// <returns>False if the counts are to stay in the kernel's table.</returns>
    public bool Take(LedgerFlow flow, ulong changedNs, in LinkTotals delta, ILinkNames names)
    {
        var naming = Look(flow, changedNs, names, changed: true);
        if (flow.Link is { } link)
        {
            Credit(link, delta);
        }
        else if (naming.Waits is { } ends)
        {
            Wait(ends, (long)changedNs, delta, names);
        }
        else if (naming.LeftOut is { } reason)
        {
            LeaveOut(reason, delta);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>The link a flow's bytes went to last, or would go to; null if there is none.</summary>
    public LedgerLink? LinkOf(LedgerFlow flow, ulong changedNs, ILinkNames names)
    {
        Look(flow, changedNs, names, changed: false);
        return flow.Link;
    }

    public void NameWaiting(ILinkNames names) => Waiting.Remove(row => IsNamed(row, names));

    /// <returns>Why there is no link, if the flow has none afterwards.</returns>
    private Naming Look(LedgerFlow flow, ulong changedNs, ILinkNames names, bool changed)
    {
        if (flow.Link is not null && !(changed && flow.NamesVersion != names.Version))
        {
            return default;
        }

        flow.NamesVersion = names.Version;
        var naming = flow.Ends is { } ends ? names.NameOf(ends.Value, (long)changedNs) : names.NameOf(flow.Key, changedNs);
        if (flow.Ends is null && naming.Ends is { } found)
        {
            flow.Ends = new StrongBox<LinkEnds>(found);
        }

        flow.Link = naming.Link is { } name ? Links.Named(name) : null;
        return naming;
    }

    private void Wait(in LinkEnds ends, long changedNs, in LinkTotals delta, ILinkNames names)
    {
        if (Waiting.Add(ends, changedNs, delta) is { } row)
        {
            change.Add(row);
            return;
        }

        SettledBytes += delta.SentBytes + delta.ReceivedBytes;
        Credit(Links.Named(names.Settle(ends)), delta);
    }

    private bool IsNamed(WaitingRow row, ILinkNames names) => names.NameOf(row.Ends, row.LastNs) switch
    {
#if MUTANT_NAME_WAITING_TWICE
        { Link: { } name } => !Credit(Links.Named(name), row.Totals),
#else
        { Link: { } name } => Credit(Links.Named(name), row.Totals) && Forget(row),
#endif
        { LeftOut: { } reason } => LeaveOut(reason, row.Totals) && Forget(row),
        _ => false,
    };

    private bool Forget(WaitingRow row)
    {
        change.AddDeleted(row);
        return true;
    }

    private bool Credit(LedgerLink link, in LinkTotals delta)
    {
        link.Totals += delta;
        BytesOfThisProcess += delta.SentBytes + delta.ReceivedBytes;
        change.Add(link);
        return true;
    }

    private bool LeaveOut(LeftOutReason reason, in LinkTotals delta)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_leftOut, reason, out _) += delta.SentBytes + delta.ReceivedBytes;
        return true;
    }
}
