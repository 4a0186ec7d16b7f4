using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>The links of <see cref="ShardMerge"/>, in the order in which they were held.</summary>
internal sealed class MergedLinks
{
    private readonly Dictionary<ulong, Entry> _links = [];
    private readonly Dictionary<Contributor, Entry> _redirected = [];
    private readonly List<Entry> _order = [];

    /// <param name="isRetired">Of incarnations: what is held of them joins the sum of those that were retired.</param>
    public MergedLinks(ShardSnapshot held, Func<Guid, bool> isRetired)
    {
        foreach (var stored in held.Links)
        {
            var link = Open(stored.Link, stored.Expired);
            (link.Retired, link.Seen) = (stored.Retired, stored.Seen);
            foreach (var (by, totals) in stored.Held)
            {
                if (isRetired(by.Source.Incarnation))
                {
                    link.Retired = (link.Retired ?? default) + totals;
                }
                else
                {
                    Hold(link, by, totals);
                }
            }
        }
    }

    public IReadOnlyList<StoredLink> Stored => [.. _order.Select(link => new StoredLink(link.Link, link.Expired, [.. link.Held])
        {
            Retired = link.Retired,
            Seen = link.Seen,
        })];

    /// <param name="counts">Of sources: false, since they are part of a sum already.</param>
    /// <param name="apart">Whether the sums of retired sources are over different ones.</param>
    public void Add(StoredLink more, Func<Source, bool> counts, bool apart)
    {
        AddParts(more, counts, apart);
        if (_links.TryGetValue(more.Link.Id, out var link))
        {
            link.Seen = LinkSeen.Merge(link.Seen, more.Seen);
        }
    }

    private void AddParts(StoredLink more, Func<Source, bool> counts, bool apart)
    {
        if (more.Retired is { } retired)
        {
            var link = Open(more.Link, more.Expired);
            link.Retired = link.Retired is not { } held ? retired : apart ? held + retired : LinkTotals.Max(held, retired);
        }
        else if (more.Held.Count == 0)
        {
            Open(more.Link, more.Expired);
        }

        foreach (var (by, totals) in more.Held.Where(entry => counts(entry.Key.Source)))
        {
            var (link, place) = Place(more, by);
            var before = link.Held.GetValueOrDefault(place);
            Hold(link, place, LinkTotals.Max(before, totals));
            link.Expired &= more.Expired || link.Held[place] == before;
        }
    }

    private (Entry Link, Contributor By) Place(StoredLink more, Contributor by)
    {
        var (redirected, own) = (by with { Origin = by.Origin == 0 ? more.Link.Id : by.Origin }, by with { Origin = 0 });
        if (_redirected.TryGetValue(redirected, out var other))
        {
            return (other, redirected);
        }

        return by.Origin != 0 && _links.TryGetValue(by.Origin, out var link) && link.Held.ContainsKey(own)
            ? (link, own)
            : (Open(more.Link, more.Expired), by);
    }

    private void Hold(Entry link, Contributor by, in LinkTotals totals)
    {
        link.Held[by] = totals;
        if (by.Origin != 0)
        {
            _redirected[by] = link;
        }
    }

    private Entry Open(NetworkLink link, bool expired)
    {
        if (!_links.TryGetValue(link.Id, out var entry))
        {
            _links.Add(link.Id, entry = new Entry(link) { Expired = expired });
            _order.Add(entry);
        }

        return entry;
    }

    private sealed class Entry(NetworkLink link)
    {
        public NetworkLink Link => link;

        public bool Expired { get; set; }

        public LinkTotals? Retired { get; set; }

        public LinkSeen Seen { get; set; }

        public Dictionary<Contributor, LinkTotals> Held { get; } = [];
    }
}
