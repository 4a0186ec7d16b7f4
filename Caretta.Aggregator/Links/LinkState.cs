using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The totals of one link, per contributor. Knows no actor, clock or journal: a wrong byte is wrong here.</summary>
internal sealed class LinkState(NetworkLink link)
{
    private readonly ByContributor<LinkTotals> _held = new();

    public NetworkLink Link { get; } = link;

    /// <summary>Over all contributors, those that were retired included.</summary>
    public LinkTotals Sum { get; private set; }

    public IReadOnlyDictionary<Contributor, LinkTotals> Held => _held;

    /// <summary>Sum over the sources that will never report again; null if none was retired.</summary>
    public LinkTotals? Retired { get; private set; }

    /// <summary>Whether the journal holds anything of it.</summary>
    public bool IsKnown => _held.Count > 0 || Retired is not null;

    public LinkSeen Seen { get; private set; }

    public void Restore(IEnumerable<KeyValuePair<Contributor, LinkTotals>> held, LinkTotals? retired, LinkSeen seen = default)
    {
        (Retired, Sum) = (retired, retired ?? default);
        foreach (var (by, totals) in held)
        {
            Apply(by, totals);
        }

        Seen = seen;
    }

    /// <summary>The maximum per counter: redelivery, reordering and resend change nothing.</summary>
    public LinkDecision Decide(NetworkLink reportedLink, Contributor by, in LinkTotals reported)
    {
        if (!reportedLink.Equals(Link))
        {
            return new LinkDecision(DecisionKind.Collides);
        }

        var known = _held.TryGetValue(by, out var held);
#if MUTANT_DELTA_INSTEAD_OF_MAXIMUM
        var totals = held + reported;
#else
        var totals = LinkTotals.Max(held, reported);
#endif
        return known && totals == held ? new LinkDecision(DecisionKind.NothingNew) : new LinkDecision(DecisionKind.Advances, totals);
    }

    /// <summary>Once the journal has it. Again the maximum: two batches decided on the same state may be journalled one after the other.</summary>
    /// <param name="atMs">When it was written, Unix time.</param>
    /// <returns>Whether the contributor is new.</returns>
    public bool Apply(Contributor by, in LinkTotals totals, long atMs = 0)
    {
        Seen = Seen.Again(atMs, isNew: !IsKnown);
        var known = _held.TryGetValue(by, out var before);
        var after = LinkTotals.Max(before, totals);
        _held[by] = after;
        Sum += after - before;
#if MUTANT_ORDERED_INCARNATIONS
        foreach (var older in _held.Keys.Where(other => other.Source.NodeName == by.Source.NodeName
            && other.Source.Incarnation.CompareTo(by.Source.Incarnation) < 0).ToList())
        {
            Sum -= _held[older];
            _held.Remove(older, out _);
        }
#endif
        return !known;
    }

    /// <summary>The sum stays, the sources go, so that a link's state does not grow with every host there ever was.</summary>
    /// <returns>How many contributors went.</returns>
    public int Retire(IEnumerable<Source> sources)
    {
        var gone = sources.ToHashSet();
        var retired = _held.Keys.Where(by => gone.Contains(by.Source)).ToList();
        foreach (var by in retired)
        {
            _held.Remove(by, out var totals);
            Retired = (Retired ?? default) + totals;
        }

        return retired.Count;
    }
}
