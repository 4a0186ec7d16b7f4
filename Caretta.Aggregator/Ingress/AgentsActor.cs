using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>Keeps this member's streams, to ask all their agents at once. As many as there are streams: <see cref="LiveStreams"/>.</summary>
internal sealed class AgentsActor : UntypedActor
{
    public const string Name = "agents";
    private const int MostRounds = 4;

    private readonly Dictionary<IActorRef, string> _streams = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StreamBegun begun: Keep(begun); break;
            case UnloadAll all: Unload(all); break;
            case Terminated ended: _streams.Remove(ended.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    private void Keep(StreamBegun begun)
    {
        _streams[begun.Stream] = begun.NodeName;
        Context.Watch(begun.Stream);
    }

    private void Unload(UnloadAll all)
    {
        if (Context.GetChildren().Count() >= MostRounds)
        {
            Sender.Tell(new UnloadOutcomes([], Refused: true));
            return;
        }

        var (asker, streams) = (Sender, _streams.ToDictionary());
        Context.ActorOf(Props.CreateBy(new ActorMaker<UnloadRoundActor>(() => new UnloadRoundActor(asker, streams, all.Within))));
    }
}
