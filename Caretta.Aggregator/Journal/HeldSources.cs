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
    public ulong Watermark(Source source) => _held.TryGetValue(source, out var held) ? Math.Max(held.Journalled, held.Covered) : 0;

    /// <summary>The part of it that a recovery would find.</summary>
    public ulong Journalled(Source source) => _held.GetValueOrDefault(source).Journalled;

    public TimeSpan HeardAt(Source source) => _held.GetValueOrDefault(source).HeardAt;

    /// <summary>From an event or snapshot.</summary>
    /// <param name="based">A watermark builds on an earlier one. If that is missing here, events were lost, and it does not hold.</param>
    public void Journal(Source source, ulong sequence, ulong based, TimeSpan heardAt)
    {
        if (IsRetired(source))
        {
            return;
        }

        var held = Know(source);
        _held[source] = held with
        {
            Journalled = Builds(held.Journalled, based) ? Math.Max(held.Journalled, sequence) : held.Journalled,
            HeardAt = heardAt > held.HeardAt ? heardAt : held.HeardAt,
        };
    }

    /// <summary>Without an event: all that a batch held was in the journal already. A crash forgets it, which costs a resend.</summary>
    public void Cover(Source source, ulong sequence, ulong based)
    {
        if (!IsRetired(source) && Builds(Watermark(source), based))
        {
            var held = Know(source);
            _held[source] = held with { Covered = Math.Max(held.Covered, sequence) };
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

#if MUTANT_WATERMARK_WITHOUT_BASE
    public static bool Builds(ulong held, ulong based) => held <= based || held >= based;
#else
    /// <summary>Whether a watermark that builds on <paramref name="based"/> is true of who holds <paramref name="held"/>.</summary>
    public static bool Builds(ulong held, ulong based) => held >= based;
#endif

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

    private readonly record struct Held(ulong Journalled, ulong Covered, TimeSpan HeardAt);
}
