namespace Caretta.Aggregator.Cluster;

/// <summary>How long a member stays one that is not affirmed. See docs/decisions/0036.</summary>
/// <param name="Hopeless">When enough to affirm it are not left: those it gave up may be back by then.</param>
/// <param name="Unaffirmed">When they would be enough, and do not: they may be busy, or have put it out without its hearing of that.</param>
internal sealed record OwnershipPatience(TimeSpan Hopeless, TimeSpan Unaffirmed)
{
    public static OwnershipPatience Of(AggregatorOptions options) => new(2 * options.StableAfter, 10 * options.StableAfter);
}
