using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>A link's new totals of one contributor: what goes into the journal.</summary>
internal sealed record LinkAdvance(NetworkLink Link, Contributor By, LinkTotals Totals);
