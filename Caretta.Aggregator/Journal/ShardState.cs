using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>What the journal holds of a shard: its links' totals and each source's watermark. Only events change it.</summary>
internal sealed class ShardState
{
    private readonly Dictionary<ulong, LinkState> _links = [];
    private readonly HashSet<ulong> _expired = [];
    private readonly Dictionary<Source, ulong> _watermarks = [];

    public ShardState()
    {
    }

    public ShardState(ShardSnapshot snapshot)
    {
        foreach (var link in snapshot.Links)
        {
            foreach (var (by, totals) in link.Held)
            {
                Advance(new LinkAdvance(link.Link, by, totals));
            }

            if (link.Expired)
            {
                _expired.Add(link.Link.Id);
            }
        }

        Cover(snapshot.Watermarks);
    }

    public int Count => _links.Count;

    /// <summary>Of all links and sources.</summary>
    public long Totals { get; private set; }

    public IReadOnlyCollection<Source> Sources => _watermarks.Keys;

    public IEnumerable<ulong> Unexpired => _links.Keys.Where(id => !_expired.Contains(id));

    public LinkState? Link(ulong linkId) => _links.GetValueOrDefault(linkId);

    public bool IsExpired(ulong linkId) => _expired.Contains(linkId);

    /// <summary>Highest sequence up to which all of the source's reports are held; 0 if it is unknown here.</summary>
    public ulong Watermark(Source source) => _watermarks.GetValueOrDefault(source);

    public void Apply(LinksAdvanced advanced)
    {
        foreach (var advance in advanced.Advances)
        {
            Advance(advance);
        }

        Cover(advanced.Watermarks);
    }

    public void Apply(LinksExpired expired) => _expired.UnionWith(expired.LinkIds.Where(_links.ContainsKey));

    /// <summary>
    /// Also called without an event, for a batch that had nothing new for the journal: then it holds all the batch's totals already. A
    /// crash forgets such a watermark, which costs a resend.
    /// </summary>
    public void Cover(IEnumerable<KeyValuePair<Source, ulong>> watermarks)
    {
        foreach (var (source, sequence) in watermarks)
        {
            _watermarks[source] = Math.Max(sequence, Watermark(source));
        }
    }

    public ShardSnapshot Snapshot() => new(
        [.. _links.Values.Select(link => new StoredLink(link.Link, _expired.Contains(link.Link.Id), [.. link.Held]))],
        [.. _watermarks]);

    private void Advance(LinkAdvance advance)
    {
        if (!_links.TryGetValue(advance.Link.Id, out var link))
        {
            _links.Add(advance.Link.Id, link = new LinkState(advance.Link));
        }

        Totals += link.Held.ContainsKey(advance.By) ? 0 : 1;
        link.Apply(advance.By, advance.Totals);
        _expired.Remove(advance.Link.Id);
    }
}
