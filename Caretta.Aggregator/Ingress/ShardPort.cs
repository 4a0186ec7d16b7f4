using Akka.Actor;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Ingress;

/// <summary>For a stream's actor, to which <see cref="Late"/> comes back.</summary>
internal sealed class ShardPort(IActorRef region, IUntypedActorContext context, IWithTimers actor) : IShardPort<IActorRef>
{
    public void Send(int shard, ILedgerMessage message) => region.Tell(new LedgerEnvelope(shard, message));

    public void Expect(int shard, TimeSpan within) => actor.Timers.StartSingleTimer(shard, new Late(shard), within);

    public void ExpectNothing(int shard) => actor.Timers.Cancel(shard);

    public void Watch(IActorRef ledger) => context.Watch(ledger);

    public void Unwatch(IActorRef ledger) => context.Unwatch(ledger);

    /// <summary>A timer of a shard has rung.</summary>
    internal sealed record Late(int Shard) : INoSerializationVerificationNeeded;
}
