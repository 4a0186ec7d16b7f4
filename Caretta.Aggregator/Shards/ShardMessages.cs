using System.Globalization;
using Akka.Cluster.Sharding;
using Caretta.Messages;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// Links and their ledger share a shard: a link's id decides it, a ledger is named after it. The claims on nodes' names are spread over the
/// same shards.
/// </summary>
internal sealed class ShardMessages(int shardCount) : IMessageExtractor
{
    private const string LedgerPrefix = "ledger-";
    private const string NodePrefix = "node-";

    public string EntityId(object message) => message switch
    {
        LinkEnvelope link => link.LinkId.ToString(CultureInfo.InvariantCulture),
        LedgerEnvelope ledger => LedgerPrefix + ledger.Shard.ToString(CultureInfo.InvariantCulture),
        NodeEnvelope node => NodePrefix + node.NodeName,
        _ => null!, // what sharding expects for "not mine"
    };

    public object EntityMessage(object message) => message switch
    {
        LinkEnvelope link => link.Message,
        LedgerEnvelope ledger => ledger.Message,
        NodeEnvelope node => node.Message,
        _ => null!,
    };

    public string ShardId(object message) => EntityId(message) is { } entity ? ShardId(entity, message) : null!;

    public string ShardId(string entityId, object? messageHint = null)
    {
        var shard = TryLedger(entityId) ?? LinkSharding.ShardOf(Id(entityId), shardCount);
        return shard.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The node whose name the entity keeps, or null: it is a ledger or a link.</summary>
    public static string? TryNode(string entityId) =>
        entityId.StartsWith(NodePrefix, StringComparison.Ordinal) ? entityId[NodePrefix.Length..] : null;

    /// <summary>The shard whose ledger the entity is, or null: it is a link.</summary>
    public static int? TryLedger(string entityId) => entityId.StartsWith(LedgerPrefix, StringComparison.Ordinal)
        ? int.Parse(entityId.AsSpan(LedgerPrefix.Length), CultureInfo.InvariantCulture)
        : null;

    private static ulong Id(string entityId) =>
        TryNode(entityId) is { } node ? StableHash.Of("node", node) : ulong.Parse(entityId, CultureInfo.InvariantCulture);
}
