using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>What a link shows at one instant. Replaced as a whole, so that a scrape never sees half of an update.</summary>
internal sealed record LinkValues(LinkTotals Totals, LinkLevels Levels, LinkSeen Seen = default)
{
    public static readonly LinkValues Nothing = new(default, default);
}
