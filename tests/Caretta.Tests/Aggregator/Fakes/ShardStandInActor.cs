using Akka.Actor;
using Akka.Cluster.Sharding;
using Caretta.Aggregator.Shards;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>
/// Does for one ledger and its links what cluster sharding's shard does: starts them at the first message, stops what asks for it, and
/// keeps what comes meanwhile for the next.
/// </summary>
internal sealed class ShardStandInActor(Func<Props> ledger, Props page, Func<ulong, Props> link) : UntypedActor
{
    private readonly Dictionary<IActorRef, List<(object Envelope, IActorRef Sender)>> _stopping = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LedgerEnvelope to: Pass(to, "ledger", to.Message, ledger()); break;
            case PageEnvelope to: Pass(to, "page", to.Message, page); break;
            case LinkEnvelope to: Pass(to, $"{to.LinkId}", to.Message, link(to.LinkId)); break;
            case Passivate passivate: Stop(Sender, passivate.StopMessage); break;
            case Terminated ended when _stopping.Remove(ended.ActorRef, out var kept):
                kept.ForEach(one => Self.Tell(one.Envelope, one.Sender));
                break;
            default: Unhandled(message); break;
        }
    }

    private void Pass(object envelope, string name, object message, Props props)
    {
        var child = Context.Child(name);
        if (_stopping.FirstOrDefault(entry => entry.Key.Path.Name == name).Value is { } kept)
        {
            kept.Add((envelope, Sender));
        }
        else
        {
            (child.IsNobody() ? Context.ActorOf(props, name) : child).Forward(message);
        }
    }

    private void Stop(IActorRef entity, object stopMessage)
    {
        if (_stopping.TryAdd(entity, []))
        {
            Context.Watch(entity);
            entity.Tell(stopMessage);
        }
    }
}
