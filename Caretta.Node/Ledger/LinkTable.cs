using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>The links of this source, up to a bound; what comes beyond it goes to <c>~other</c>.</summary>
internal sealed class LinkTable(int max)
{
    private readonly Dictionary<NetworkLink, LedgerLink> _links = [];
    private long _lastRow;

    public int Count => _links.Count;

    public Dictionary<NetworkLink, LedgerLink>.ValueCollection All => _links.Values;

    /// <summary>How often a link was asked for that there was no room for.</summary>
    public ulong Redirected { get; private set; }

    public void Restore(LedgerContents.LinkRow row)
    {
        _lastRow = Math.Max(_lastRow, row.Row);
        _links[row.Link] = new LedgerLink(row.Row, row.Link) { Totals = row.Totals, Levels = row.Levels, Sequence = row.Sequence, Stored = true };
    }

    public LedgerLink Named(NetworkLink name)
    {
        if (_links.TryGetValue(name, out var link))
        {
            return link;
        }

        // The two that take the rest, one for each role, come on top of the bound.
        if (_links.Count >= max && name.Client != StandIns.Other)
        {
            Redirected++;
            return Named(new NetworkLink(StandIns.Other, StandIns.Other, 0, name.Role));
        }

        return _links[name] = new LedgerLink(++_lastRow, name);
    }

    public void Clear() => _links.Clear();
}
