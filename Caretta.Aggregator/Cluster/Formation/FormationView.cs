using Caretta.Aggregator.Journal.Database;

namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>All that a member that is in no cluster knows.</summary>
/// <param name="Peers">Without itself.</param>
/// <param name="Quorum">It may found only if so many members, itself included, have answered.</param>
/// <param name="MayNotFound">Why it must not found now, whatever its peers say; null: it may.</param>
internal sealed record FormationView(JournalIdentity Own, IReadOnlyList<PeerView> Peers, int Quorum, string? MayNotFound);
