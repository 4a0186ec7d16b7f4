namespace Caretta.Messages;

/// <summary>Which shard a link belongs to. Agent and aggregator must agree; the count is part of the stored state.</summary>
public static class LinkSharding
{
    public const int DefaultShardCount = 64;

    public static int ShardOf(ulong linkId, int shardCount) => (int)(linkId % (ulong)shardCount);

    public static int ShardOf(NetworkLink link, int shardCount) => ShardOf(link.Id, shardCount);
}
