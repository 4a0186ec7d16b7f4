using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>What the journal holds of a shard: its links' totals and what it knows of their sources. Only events change it.</summary>
internal sealed class ShardState
{
    private readonly Dictionary<ulong, LinkState> _links = [];
    private readonly HashSet<ulong> _expired = [];
    private HeldSources _sources = new();

    public ShardState()
    {
    }

    public ShardState(ShardSnapshot snapshot) => Restore(snapshot);

    public int Count => _links.Count;

    /// <summary>Of all links and sources: so many a snapshot holds. Kept as they come and go, since it is asked for at every commit.</summary>
    public long Totals { get; private set; }

    public IReadOnlyCollection<Source> Sources => _sources.All;

    /// <inheritdoc cref="HeldSources.Of"/>
    public IReadOnlyList<Source> SourcesOf(string nodeName) => _sources.Of(nodeName);

    public IReadOnlyCollection<Guid> Retired => _sources.Retired;

    public IEnumerable<LinkState> Links => _links.Values;

    public IEnumerable<ulong> Unexpired => _links.Keys.Where(id => !_expired.Contains(id));

    /// <summary>The shard's own clock, as of the last event; see <see cref="LinksAdvanced.Listened"/>.</summary>
    public TimeSpan Listened { get; private set; }

    /// <summary>Of all events applied; see <see cref="Aggregator.Journal.History"/>.</summary>
    public ulong History { get; private set; }

    public LinkState? Link(ulong linkId) => _links.GetValueOrDefault(linkId);

    public bool IsExpired(ulong linkId) => _expired.Contains(linkId);

    public bool IsRetired(Source source) => _sources.IsRetired(source);

    /// <summary>When the source was last heard of, on the shard's clock.</summary>
    public TimeSpan HeardAt(Source source) => _sources.HeardAt(source);

    /// <summary>Highest sequence up to which all of the source's reports are held; 0 if it is unknown here.</summary>
    public ulong Watermark(Source source) => _sources.Watermark(source);

    /// <inheritdoc cref="HeldSources.EpochOf"/>
    public ulong EpochOf(Source source) => _sources.EpochOf(source);

    /// <inheritdoc cref="HeldSources.HistoryOf"/>
    public ulong HistoryOf(Source source) => _sources.HistoryOf(source);

    /// <summary>Any of the journal's events.</summary>
    /// <returns>How many totals it is about, and whether it is of our history; null: it is none of a shard's.</returns>
    public (int Totals, bool IsOurs)? Replay(object journalled) => journalled switch
    {
        LinksAdvanced advanced => (advanced.Advances.Count, Apply(advanced)),
        LinksExpired expired => (1, Apply(expired)),
        SourcesRetired retired => (retired.Sources.Count, Apply(retired)),
        LinksPurged purged => (purged.LinkIds.Count, Apply(purged)),
        ShardMerged merged => (merged.Shard.Links.Sum(link => link.Held.Count), Apply(merged)),
        _ => null,
    };

    /// <inheritdoc cref="HeldSources.GoesOnFrom"/>
    public bool GoesOnFrom(Source source, ulong history) => _sources.GoesOnFrom(source, history);

    /// <returns>False: it was written on another history, by somebody who did not know that his was gone, and nothing of it counts.</returns>
    public bool Apply(LinksAdvanced advanced)
    {
        if (!Take(advanced.Step))
        {
            return false;
        }

        Listen(advanced.Listened);
        foreach (var advance in advanced.Advances.Where(advance => !IsRetired(advance.By.Source)))
        {
            Totals += Open(advance.Link).Apply(advance.By, advance.Totals, advanced.At.ToUnixTimeMilliseconds()) ? 1 : 0;
            _expired.Remove(advance.Link.Id);
        }

        foreach (var (source, sequence) in advanced.Watermarks)
        {
            var epoch = advanced.Epochs.GetValueOrDefault(source);
            _sources.Advance(source, sequence, epoch, advanced.Advances.Count > 0 ? History : null, advanced.Listened);
        }

        return true;
    }

    /// <inheritdoc cref="Apply(LinksAdvanced)"/>
    public bool Apply(LinksExpired expired)
    {
        if (!Take(expired.Step))
        {
            return false;
        }

        _expired.UnionWith(expired.LinkIds.Where(_links.ContainsKey));
        return true;
    }

    /// <inheritdoc cref="Apply(LinksAdvanced)"/>
    public bool Apply(SourcesRetired retired)
    {
        if (!Take(retired.Step))
        {
            return false;
        }

        Listen(retired.Listened);
        foreach (var source in retired.Sources)
        {
            _sources.Retire(source);
        }

        foreach (var link in _links.Values)
        {
            Totals -= link.Retire(retired.Sources);
        }

        return true;
    }

    /// <summary>The sources' watermarks stay: a total that is reported again comes with its next change.</summary>
    /// <returns>True: while an operator writes nobody else does.</returns>
    public bool Apply(LinksPurged purged)
    {
        foreach (var linkId in purged.LinkIds)
        {
            Totals -= _links.Remove(linkId, out var purgedLink) ? purgedLink.Held.Count : 0;
            _expired.Remove(linkId);
        }

        return true;
    }

    /// <inheritdoc cref="Apply(LinksPurged)"/>
    public bool Apply(ShardMerged merged)
    {
        Restore(ShardMerge.Of(Snapshot(), merged.Shard));
        return true;
    }

    /// <summary>Without an event, for batches that had nothing new for the journal.</summary>
    public void Cover(Commit commit)
    {
        foreach (var (header, _) in commit.Batches)
        {
            _sources.Cover(header.Source, header.Watermark, header.Epoch, header.History);
        }
    }

    public ShardSnapshot Snapshot() => new(
        [.. _links.Values.Select(link =>
            new StoredLink(link.Link, _expired.Contains(link.Link.Id), [.. link.Held]) { Retired = link.Retired, Seen = link.Seen })],
        [.. Sources.Select(source => KeyValuePair.Create(source, Watermark(source)))])
    {
        Listened = Listened,
        History = History,
        HeardAt = Sources.ToDictionary(source => source, HeardAt),
        Histories = Sources.ToDictionary(source => source, HistoryOf),
        Epochs = Sources.ToDictionary(source => source, EpochOf),
        Retired = [.. Retired],
    };

    private void Restore(ShardSnapshot snapshot)
    {
        _links.Clear();
        _expired.Clear();
        Totals = 0;
        (_sources, Listened, History) = (new HeldSources(), snapshot.Listened, snapshot.History);
        _sources.Retire(snapshot.Retired);
        foreach (var stored in snapshot.Links)
        {
            Open(stored.Link).Restore(stored.Held, stored.Retired, stored.Seen);
            Totals += stored.Held.Count;
            if (stored.Expired)
            {
                _expired.Add(stored.Link.Id);
            }
        }

        foreach (var (source, sequence) in snapshot.Watermarks)
        {
            _sources.Restore(
                source,
                sequence,
                snapshot.Epochs.GetValueOrDefault(source),
                snapshot.Histories.GetValueOrDefault(source),
                snapshot.HeardAt.GetValueOrDefault(source));
        }
    }

    private LinkState Open(NetworkLink link)
    {
        if (!_links.TryGetValue(link.Id, out var state))
        {
            _links.Add(link.Id, state = new LinkState(link));
        }

        return state;
    }

    private bool Take(HistoryStep step)
    {
#if !MUTANT_FOREIGN_EVENT_READ
        if (step.Before != History && step != default)
        {
            return false;
        }
#endif

        History = Aggregator.Journal.History.After(History, step.Id);
        return true;
    }

    private void Listen(TimeSpan until) => Listened = until > Listened ? until : Listened;
}
