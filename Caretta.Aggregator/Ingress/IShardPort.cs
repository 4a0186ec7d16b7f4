using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Ingress;

/// <summary>What a stream's dialogue with the shards asks of the world around it.</summary>
/// <typeparam name="TLedger">What tells one ledger from another.</typeparam>
internal interface IShardPort<TLedger>
{
    void Send(int shard, ILedgerMessage message);

    /// <summary><see cref="ShardDialogue{TLedger}.Repeat"/> after that time, instead of whatever was expected of the shard before.</summary>
    void Expect(int shard, TimeSpan within);

    void ExpectNothing(int shard);

    /// <summary><see cref="ShardDialogue{TLedger}.Stopped"/> when it has.</summary>
    void Watch(TLedger ledger);

    void Unwatch(TLedger ledger);
}
