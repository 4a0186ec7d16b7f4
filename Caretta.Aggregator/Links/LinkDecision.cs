using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>What a report means to the link it names.</summary>
/// <param name="Totals">What the contributor's totals become; only for <see cref="DecisionKind.Advances"/>.</param>
internal readonly record struct LinkDecision(DecisionKind Kind, LinkTotals Totals = default);

internal enum DecisionKind
{
    /// <summary>The journal holds it already: resent, duplicated or overtaken.</summary>
    NothingNew,
    Advances,

    /// <summary>Another link has the same id. Two links are never added up under one name.</summary>
    Collides,
}
