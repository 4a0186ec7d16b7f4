namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>Who else may be a member, and whether this one may begin a cluster.</summary>
internal interface IPeers
{
    /// <summary>Whether the oldest member has to hold what it takes to begin a cluster for as long as there is one.</summary>
    bool Holds { get; }

    /// <exception cref="IOException">Nobody can say now. The message says why.</exception>
    Task<PeersFound> FindAsync(MemberAddress self);

    /// <returns>Whether it is held.</returns>
    /// <exception cref="IOException">Nobody can say now.</exception>
    Task<bool> HoldAsync(MemberAddress self);
}
