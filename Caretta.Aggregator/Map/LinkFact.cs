using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Map;

/// <summary>All that the map knows of one link, in one role.</summary>
/// <param name="EdgeId">The same for both roles: the id of the link as its client's end sees it.</param>
internal sealed record LinkFact(NetworkLink Link, ulong EdgeId, LinkFigures Figures, LinkRates Rates, LinkLevels Levels, LinkSeen Seen)
{
    public static ulong EdgeIdOf(NetworkLink link) => link.Role == Role.Client ? link.Id : (link with { Role = Role.Client }).Id;
}
