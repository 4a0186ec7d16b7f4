using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>A link as the journal holds it, sources one by one.</summary>
internal sealed record ListedLink(NetworkLink Link, bool Expired, LinkTotals Sum, StoredLink Stored)
{
    public static ListedLink Of(StoredLink stored)
    {
        var state = new LinkState(stored.Link);
        state.Restore(stored.Held, stored.Retired);
        return new ListedLink(stored.Link, stored.Expired, state.Sum, stored);
    }
}
