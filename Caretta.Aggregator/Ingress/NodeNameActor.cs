using Akka.Actor;
using Akka.Cluster.Sharding;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One per node name in the whole cluster, among the links: two agents of one name would each hold a part of the truth. It keeps nothing: when
/// it moves, the streams that watch it claim again.
/// </summary>
internal sealed class NodeNameActor(string nodeName, TimeProvider time) : UntypedActor
{
    private readonly NodeClaim<IActorRef> _claim = new();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClaimNode claim: Claim(claim); break;
            case Terminated ended when _claim.Ended(ended.ActorRef): Context.Parent.Tell(new Passivate(PoisonPill.Instance)); break;
            case LeaveShard: Context.Stop(Self); break; // the streams claim again at the next place
            case Terminated: break; // it had lost the name before
            default: Unhandled(message); break;
        }
    }

    private void Claim(ClaimNode claim)
    {
        var (verdict, displaced) = _claim.Claim(Sender, claim.Source, claim.Age, time.GetElapsedTime(0));
        displaced?.Tell(new NodeAnswer(nodeName, NodeVerdict.TakenOver));
        if (verdict == NodeVerdict.Granted)
        {
            Context.Watch(Sender);
        }

        Sender.Tell(new NodeAnswer(nodeName, verdict));
    }
}
