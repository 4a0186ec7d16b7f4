using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The totals of one link, per contributor. Knows no actor, clock or journal: a wrong byte is wrong here.</summary>
internal sealed class LinkState(NetworkLink link)
{
    private readonly Dictionary<Contributor, LinkTotals> _held = [];

    public NetworkLink Link { get; } = link;

    /// <summary>Over all contributors.</summary>
    public LinkTotals Sum { get; private set; }

    public IReadOnlyDictionary<Contributor, LinkTotals> Held => _held;

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
    public void Apply(Contributor by, in LinkTotals totals)
    {
        var before = _held.GetValueOrDefault(by);
        var after = LinkTotals.Max(before, totals);
        _held[by] = after;
        Sum += after - before;
    }
}
