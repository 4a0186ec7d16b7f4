using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>Links and totals to report.</summary>
internal static class Traffic
{
    public static NetworkLink Link(int number, Role role = Role.Client) => new(
        new Workload("shop", "Deployment", $"client-{number}"), new Workload("shop", "Service", $"server-{number}"), 8080, role);

    /// <summary>Links that all belong to the shard.</summary>
    public static IEnumerable<NetworkLink> LinksOfShard(int shard, int shardCount = LinkSharding.DefaultShardCount) =>
        Enumerable.Range(0, int.MaxValue).Select(number => Link(number)).Where(link => LinkSharding.ShardOf(link, shardCount) == shard);

    public static LinkTotals Totals(ulong sent, ulong received = 0) => new(sent, received, sent / 2, received / 2, 3, 2, 1, 7, 1_500_000, 4, 2_000_001);

    public static Report Report(NetworkLink link, ulong sent, ulong sequence = 1, uint established = 0) =>
        new(link, sequence, Totals(sent), Levels(established));

    public static LinkLevels Levels(uint established)
    {
        Span<uint> counts = stackalloc uint[LinkLevels.StateCount];
        counts[(int)TcpState.Established] = established;
        return LinkLevels.Of(counts);
    }

    public static Source Source(string node = "node-a") => new(node, Guid.NewGuid());
}
