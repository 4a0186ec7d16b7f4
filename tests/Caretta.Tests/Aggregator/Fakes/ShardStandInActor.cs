using Akka.Actor;
using Akka.Cluster.Sharding;
using Caretta.Aggregator.Shards;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>Does for one ledger and its links what cluster sharding's shard does: starts them at the first message, stops what asks for it.</summary>
internal sealed class ShardStandInActor(Props ledger, Func<ulong, Props> link) : UntypedActor
{
    public const string Ledger = "ledger";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LedgerEnvelope to: Entity(Ledger, () => ledger).Forward(to.Message); break;
            case LinkEnvelope to: Entity($"{to.LinkId}", () => link(to.LinkId)).Forward(to.Message); break;
            case Passivate passivate: Sender.Tell(passivate.StopMessage); break;
            default: Unhandled(message); break;
        }
    }

    private static IActorRef Entity(string name, Func<Props> props) =>
        Context.Child(name) is { } child && !child.IsNobody() ? child : Context.ActorOf(props(), name);
}
