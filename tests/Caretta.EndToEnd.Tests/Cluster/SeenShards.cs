namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>Of which shards a scrape found links.</summary>
/// <param name="Began">As the member says, in nanoseconds.</param>
/// <param name="Ended">When we had it.</param>
internal sealed record SeenShards(object Life, string Member, long Began, long Ended, UInt128 Shards)
{
    public bool Has(int shard) => (Shards >> shard & 1) != 0;
}
