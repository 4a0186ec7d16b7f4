using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Event: totals of a shard's links grew. Holds batches as a whole, with their sources' watermarks.</summary>
internal sealed record LinksAdvanced(
    DateTimeOffset At,
    IReadOnlyList<LinkAdvance> Advances,
    IReadOnlyList<KeyValuePair<Source, ulong>> Watermarks);
