namespace Caretta.Aggregator.Cluster.Formation;

/// <param name="Peers">Without the asker; the flag says that somebody else knows it to be ready.</param>
/// <param name="Quorum">How many members, the asker included, must be heard of before one may begin a cluster.</param>
/// <param name="MayNotFound">Why the asker must not begin one; null: it may.</param>
internal sealed record PeersFound(IReadOnlyList<(MemberAddress Address, bool KnownReady)> Peers, int Quorum, string? MayNotFound);
