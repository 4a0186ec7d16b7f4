using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>Whose totals a link adds up.</summary>
/// <param name="Origin">0, except on a <c>~other</c> link: the id of the link that found no room, so that each keeps its own maximum.</param>
internal readonly record struct Contributor(Source Source, ulong Origin = 0);
