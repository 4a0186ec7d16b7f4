using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Event: these sources were silent for so long that their totals are folded, link by link, into one number. They never count again.</summary>
/// <param name="Listened">The shard's own clock, see <see cref="LinksAdvanced.Listened"/>.</param>
internal sealed record SourcesRetired(DateTimeOffset At, TimeSpan Listened, IReadOnlyList<Source> Sources)
{
    public HistoryStep Step { get; init; }
}
