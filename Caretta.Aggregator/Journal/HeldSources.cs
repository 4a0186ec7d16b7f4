using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// What a shard knows of its sources: how far it holds their reports, when it last heard of them on the shard's own clock, and which
/// incarnations were retired. Those are never forgotten: one that returned unrecognised would be counted a second time.
/// </summary>
internal sealed class HeldSources
{
    private readonly Dictionary<Source, Held> _held = [];
    private readonly Dictionary<string, List<Source>> _ofNode = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _retired = [];

    public IReadOnlyCollection<Source> All => _held.Keys;

    public IReadOnlyCollection<Guid> Retired => _retired;

#if MUTANT_RETIRE_ON_RETURN
    public bool IsRetired(Source source) => _retired.Contains(source.Incarnation) && source.NodeName.Length == 0;
#else
    public bool IsRetired(Source source) => _retired.Contains(source.Incarnation);
#endif

    public bool Knows(Source source) => _held.ContainsKey(source);

    /// <summary>Incarnations of one node that are not retired.</summary>
    public IReadOnlyList<Source> Of(string nodeName) => _ofNode.GetValueOrDefault(nodeName) ?? [];

    /// <summary>Highest sequence up to which all of the source's reports are held; 0 if it is unknown.</summary>
    public ulong Watermark(Source source) => ReachedBy(source).Sequence;

    /// <summary>Of the batch that brought the watermark where it is; 0 if it did not say.</summary>
    public ulong EpochOf(Source source) => ReachedBy(source).Epoch;

    public TimeSpan HeardAt(Source source) => _held.GetValueOrDefault(source).HeardAt;

    /// <summary>As it was after the last event with totals of the source: whatever the shard says of the source is true from there on.</summary>
    public ulong HistoryOf(Source source) => _held.GetValueOrDefault(source).History;

    /// <summary>Whether what was true of that history is true here. Ours goes on from many; these two are those a batch can build on.</summary>
#if MUTANT_WATERMARK_WITHOUT_HISTORY
    public bool GoesOnFrom(Source source, ulong history) => Watermark(source) <= ulong.MaxValue - (history & 1);
#else
    public bool GoesOnFrom(Source source, ulong history)
    {
        var held = _held.GetValueOrDefault(source);
        return history == Aggregator.Journal.History.Nothing || history == held.History || history == held.Before;
    }
#endif

    public void Restore(Source source, ulong sequence, ulong epoch, ulong history, TimeSpan heardAt)
    {
        Know(source);
        _held[source] = new Held(new Reached(sequence, epoch), Covered: default, history, Before: history, heardAt);
    }

    /// <summary>From an event.</summary>
    /// <param name="history">After it; null if it says only that the source is there.</param>
    public void Advance(Source source, ulong sequence, ulong epoch, ulong? history, TimeSpan heardAt)
    {
        if (IsRetired(source))
        {
            return;
        }

        var held = Know(source);
        _held[source] = held with
        {
            Journalled = held.Journalled.OrLater(sequence, epoch),
            History = history ?? held.History,
            Before = history is null ? held.Before : held.History,
            HeardAt = heardAt > held.HeardAt ? heardAt : held.HeardAt,
        };
    }

    /// <summary>Without an event: all that a batch held was in the journal already. A crash forgets it, which costs a resend.</summary>
    public void Cover(Source source, ulong sequence, ulong epoch, ulong history)
    {
        if (!IsRetired(source) && GoesOnFrom(source, history))
        {
            var held = Know(source);
            _held[source] = held with { Covered = Latest(held).OrLater(sequence, epoch) };
        }
    }

    public void Retire(Source source)
    {
        if (_held.Remove(source) && _ofNode[source.NodeName] is var others && others.Remove(source) && others.Count == 0)
        {
            _ofNode.Remove(source.NodeName);
        }

        _retired.Add(source.Incarnation);
    }

    public void Retire(IEnumerable<Guid> incarnations) => _retired.UnionWith(incarnations);

    private static Reached Latest(Held held) => held.Covered.Sequence > held.Journalled.Sequence ? held.Covered : held.Journalled;

    private Reached ReachedBy(Source source) => Latest(_held.GetValueOrDefault(source));

    private Held Know(Source source)
    {
        if (_held.TryGetValue(source, out var held))
        {
            return held;
        }

        if (!_ofNode.TryGetValue(source.NodeName, out var others))
        {
            _ofNode.Add(source.NodeName, others = []);
        }

        others.Add(source);
        return default;
    }

    private readonly record struct Held(Reached Journalled, Reached Covered, ulong History, ulong Before, TimeSpan HeardAt);

    private readonly record struct Reached(ulong Sequence, ulong Epoch)
    {
        public Reached OrLater(ulong sequence, ulong epoch) => sequence >= Sequence ? new Reached(sequence, epoch) : this;
    }
}
