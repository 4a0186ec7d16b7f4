namespace Caretta.Aggregator.Map.Trails;

/// <param name="Fact">Null: the link is no longer here.</param>
/// <param name="BornSequence">Who last knew everything before that number has never heard of the link.</param>
internal sealed record LinkChange(long Sequence, ulong LinkId, LinkFact? Fact, long BornSequence);
