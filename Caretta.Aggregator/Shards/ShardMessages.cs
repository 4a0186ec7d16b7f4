using System.Globalization;
using Akka.Cluster.Sharding;
using Caretta.Messages;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// Links, their ledger and who keeps their page share a shard: a link's id decides it, the two others are named after it. The claims on nodes' names are spread over the
/// same shards.
/// </summary>
internal sealed class ShardMessages(int shardCount) : IMessageExtractor
{
    private const string LedgerPrefix = "ledger-";
    private const string PagePrefix = "page-";
    private const string NodePrefix = "node-";

    // Asked for with every batch.
    private readonly string[] _shards = [.. Enumerable.Range(0, shardCount).Select(shard => shard.ToString(CultureInfo.InvariantCulture))];
    private readonly string[] _ledgers = [.. Enumerable.Range(0, shardCount).Select(shard => LedgerPrefix + shard.ToString(CultureInfo.InvariantCulture))];

    public string EntityId(object message) => message switch
    {
        LinkEnvelope link => link.LinkId.ToString(CultureInfo.InvariantCulture),
        LedgerEnvelope ledger => _ledgers[ledger.Shard],
        PageEnvelope page => PagePrefix + page.Shard.ToString(CultureInfo.InvariantCulture),
        NodeEnvelope node => NodePrefix + node.NodeName,
        _ => null!, // what sharding expects for "not mine"
    };

    public object EntityMessage(object message) => message switch
    {
        LinkEnvelope link => link.Message,
        LedgerEnvelope ledger => ledger.Message,
        PageEnvelope page => page.Message,
        NodeEnvelope node => node.Message,
        _ => null!,
    };

    public string ShardId(object message) => message switch
    {
        LedgerEnvelope ledger => _shards[ledger.Shard],
        LinkEnvelope link => _shards[LinkSharding.ShardOf(link.LinkId, shardCount)],
        _ => EntityId(message) is { } entity ? ShardId(entity, message) : null!,
    };

    public string ShardId(string entityId, object? messageHint = null)
    {
        var shard = TryLedger(entityId) ?? TryPage(entityId) ?? LinkSharding.ShardOf(Id(entityId), shardCount);
        return _shards[shard];
    }

    /// <summary>The node whose name the entity keeps, or null: it is a ledger or a link.</summary>
    public static string? TryNode(string entityId) =>
        entityId.StartsWith(NodePrefix, StringComparison.Ordinal) ? entityId[NodePrefix.Length..] : null;

    /// <summary>The shard whose ledger the entity is, or null: it is a link.</summary>
    public static int? TryLedger(string entityId) => TryShard(entityId, LedgerPrefix);

    /// <summary>The shard whose page the entity keeps, or null.</summary>
    public static int? TryPage(string entityId) => TryShard(entityId, PagePrefix);

    private static int? TryShard(string entityId, string prefix) => entityId.StartsWith(prefix, StringComparison.Ordinal)
        ? int.Parse(entityId.AsSpan(prefix.Length), CultureInfo.InvariantCulture)
        : null;

    private static ulong Id(string entityId) =>
        TryNode(entityId) is { } node ? StableHash.Of("node", node) : ulong.Parse(entityId, CultureInfo.InvariantCulture);
}
