using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>Who waits for a stream's agent to unload. Pure but for the telling.</summary>
internal sealed class UnloadDialogue(AgentHello hello)
{
    /// <summary>Of those that gave up nobody tells us.</summary>
    private const int Most = 16;

    private readonly List<IActorRef> _waiting = [];

    /// <returns>Whether the agent is to be asked, now or once it is welcome. While it owes an answer, that is for all who wait.</returns>
    public bool Ask(IActorRef asker)
    {
        if (!hello.MayUnload)
        {
            asker.Tell(new UnloadOutcome(hello.Source.NodeName, "Its agent is of a version that cannot be asked. Run caretta-node unload there."));
            return false;
        }

        var first = _waiting.Count == 0;
        if (_waiting.Count == Most)
        {
            _waiting.RemoveAt(0);
        }

        _waiting.Add(asker);
        return first;
    }

    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>An answer that nobody waits for changes nothing.</summary>
    public void Answer(AgentUnloaded said)
    {
        _waiting.ForEach(asker => asker.Tell(new UnloadOutcome(hello.Source.NodeName, said.Problem)));
        _waiting.Clear();
    }
}
