namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>Who else may be a member, and whether this one may begin a cluster.</summary>
internal interface IPeers
{
    /// <exception cref="IOException">Nobody can say now. The message says why.</exception>
    Task<PeersFound> FindAsync(MemberAddress self);
}
