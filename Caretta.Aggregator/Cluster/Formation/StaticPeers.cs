namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>
/// The members of a list. The first of them begins the cluster, and only when it hears from more than half of them that there is none: cut
/// off from a running cluster it must not begin a second one on the same journal.
/// </summary>
internal sealed class StaticPeers(IReadOnlyList<MemberAddress> seeds) : IPeers
{
    public bool Holds => false;

    public Task<bool> HoldAsync(MemberAddress self) => Task.FromResult(true);

    public Task<PeersFound> FindAsync(MemberAddress self) => Task.FromResult(Find(seeds, self));

    public static PeersFound Find(IReadOnlyList<MemberAddress> seeds, MemberAddress self)
    {
        var hindrance = seeds.Count == 0 || seeds[0] == self ? null : $"only {seeds[0]}, the first of the seeds, begins a cluster";
        return new PeersFound([.. seeds.Where(seed => seed != self).Select(seed => (seed, false))], (seeds.Count / 2) + 1, hindrance);
    }
}
