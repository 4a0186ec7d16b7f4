using System.Globalization;
using Akka.Cluster.Sharding;
using Caretta.Messages;

namespace Caretta.Aggregator.Shards;

/// <summary>Links and their ledger share a shard: a link's id decides it, a ledger is named after it.</summary>
internal sealed class ShardMessages(int shardCount) : IMessageExtractor
{
    private const string LedgerPrefix = "ledger-";

    public string EntityId(object message) => message switch
    {
        LinkEnvelope link => link.LinkId.ToString(CultureInfo.InvariantCulture),
        LedgerEnvelope ledger => LedgerPrefix + ledger.Shard.ToString(CultureInfo.InvariantCulture),
        _ => null!, // what sharding expects for "not mine"
    };

    public object EntityMessage(object message) => message switch
    {
        LinkEnvelope link => link.Message,
        LedgerEnvelope ledger => ledger.Message,
        _ => null!,
    };

    public string ShardId(object message) => EntityId(message) is { } entity ? ShardId(entity, message) : null!;

    public string ShardId(string entityId, object? messageHint = null)
    {
        var shard = TryLedger(entityId) ?? LinkSharding.ShardOf(ulong.Parse(entityId, CultureInfo.InvariantCulture), shardCount);
        return shard.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The shard whose ledger the entity is, or null: it is a link.</summary>
    public static int? TryLedger(string entityId) => entityId.StartsWith(LedgerPrefix, StringComparison.Ordinal)
        ? int.Parse(entityId.AsSpan(LedgerPrefix.Length), CultureInfo.InvariantCulture)
        : null;
}
