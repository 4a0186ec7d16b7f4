using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Event: totals of a shard's links grew. Holds batches as a whole, with their sources' watermarks. One without links says only that the
/// sources were seen, or that time passed.
/// </summary>
internal sealed record LinksAdvanced(
    DateTimeOffset At,
    IReadOnlyList<LinkAdvance> Advances,
    IReadOnlyList<KeyValuePair<Source, ulong>> Watermarks)
{
    /// <summary>
    /// The shard's own clock: how long its ledgers, one after the other, have been there to listen. It runs on monotonic clocks and goes on
    /// from the last event, so no jump of the wall clock and no time without an aggregator is ever taken for a source's silence.
    /// </summary>
    public TimeSpan Listened { get; init; }

    public HistoryStep Step { get; init; }

    /// <summary>Of the watermarks; see <see cref="LedgerEpoch"/>.</summary>
    public IReadOnlyDictionary<Source, ulong> Epochs { get; init; } = new Dictionary<Source, ulong>();
}
