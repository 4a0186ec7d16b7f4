namespace Caretta.Aggregator.Cluster.Formation;

/// <param name="Answer">Null: it has not answered lately.</param>
/// <param name="KnownReady">Somebody else says that it serves, so it is in a cluster, whether it answers or not.</param>
internal sealed record PeerView(MemberAddress Address, PeerAnswer? Answer, bool KnownReady = false);
