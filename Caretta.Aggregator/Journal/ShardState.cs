using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>What the journal holds of a shard: its links' totals and what it knows of their sources. Only events change it.</summary>
internal sealed class ShardState
{
    private readonly Dictionary<ulong, LinkState> _links = [];
    private readonly HashSet<ulong> _expired = [];
    private readonly HeldSources _sources = new();

    public ShardState()
    {
    }

    public ShardState(ShardSnapshot snapshot)
    {
        Listened = snapshot.Listened;
        _sources.Retire(snapshot.Retired);
        foreach (var stored in snapshot.Links)
        {
            var link = Open(stored.Link);
            link.Restore(stored.Held, stored.Retired);
            Totals += link.Held.Count;
            if (stored.Expired)
            {
                _expired.Add(stored.Link.Id);
            }
        }

        foreach (var (source, sequence) in snapshot.Watermarks)
        {
            _sources.Journal(source, sequence, based: 0, snapshot.HeardAt.GetValueOrDefault(source));
        }
    }

    public int Count => _links.Count;

    /// <summary>Of all links and sources: so many a snapshot holds.</summary>
    public long Totals { get; private set; }

    public IReadOnlyCollection<Source> Sources => _sources.All;

    /// <inheritdoc cref="HeldSources.Of"/>
    public IReadOnlyList<Source> SourcesOf(string nodeName) => _sources.Of(nodeName);

    public IReadOnlyCollection<Guid> Retired => _sources.Retired;

    public IEnumerable<LinkState> Links => _links.Values;

    public IEnumerable<ulong> Unexpired => _links.Keys.Where(id => !_expired.Contains(id));

    /// <summary>The shard's own clock, as of the last event; see <see cref="LinksAdvanced.Listened"/>.</summary>
    public TimeSpan Listened { get; private set; }

    public LinkState? Link(ulong linkId) => _links.GetValueOrDefault(linkId);

    public bool IsExpired(ulong linkId) => _expired.Contains(linkId);

    public bool IsRetired(Source source) => _sources.IsRetired(source);

    /// <summary>When the source was last heard of, on the shard's clock.</summary>
    public TimeSpan HeardAt(Source source) => _sources.HeardAt(source);

    /// <summary>Highest sequence up to which all of the source's reports are held; 0 if it is unknown here.</summary>
    public ulong Watermark(Source source) => _sources.Watermark(source);

    /// <summary>The part of it that a recovery would find.</summary>
    public ulong JournalledWatermark(Source source) => _sources.Journalled(source);

    public void Apply(LinksAdvanced advanced)
    {
        Listen(advanced.Listened);
        foreach (var advance in advanced.Advances.Where(advance => !IsRetired(advance.By.Source)))
        {
            var link = Open(advance.Link);
            var before = link.Held.Count;
            link.Apply(advance.By, advance.Totals);
            Totals += link.Held.Count - before;
            _expired.Remove(advance.Link.Id);
        }

        foreach (var (source, sequence) in advanced.Watermarks)
        {
            _sources.Journal(source, sequence, advanced.Bases.GetValueOrDefault(source), advanced.Listened);
        }
    }

    public void Apply(LinksExpired expired) => _expired.UnionWith(expired.LinkIds.Where(_links.ContainsKey));

    public void Apply(SourcesRetired retired)
    {
        Listen(retired.Listened);
        foreach (var source in retired.Sources)
        {
            _sources.Retire(source);
        }

        foreach (var link in _links.Values)
        {
            var before = link.Held.Count;
            link.Retire(retired.Sources);
            Totals += link.Held.Count - before;
        }
    }

    /// <summary>Without an event, for batches that had nothing new for the journal.</summary>
    public void Cover(Commit commit)
    {
        foreach (var (header, _) in commit.Batches)
        {
            _sources.Cover(header.Source, header.Watermark, header.Base);
        }
    }

    public ShardSnapshot Snapshot() => new(
        [.. _links.Values.Select(link =>
            new StoredLink(link.Link, _expired.Contains(link.Link.Id), [.. link.Held]) { Retired = link.Retired })],
        [.. Sources.Select(source => KeyValuePair.Create(source, Watermark(source)))])
    {
        Listened = Listened,
        HeardAt = Sources.ToDictionary(source => source, HeardAt),
        Retired = [.. Retired],
    };

    private LinkState Open(NetworkLink link)
    {
        if (!_links.TryGetValue(link.Id, out var state))
        {
            _links.Add(link.Id, state = new LinkState(link));
        }

        return state;
    }

    private void Listen(TimeSpan until) => Listened = until > Listened ? until : Listened;
}
