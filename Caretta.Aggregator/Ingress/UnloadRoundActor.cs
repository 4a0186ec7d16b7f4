using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>Asks the agents of some streams once to unload, and answers when all have said something, or their time is up.</summary>
internal sealed class UnloadRoundActor(IActorRef asker, Dictionary<IActorRef, string> streams, TimeSpan within) : UntypedActor, IWithTimers
{
    private readonly List<UnloadOutcome> _outcomes = [];

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(nameof(TimeIsUp), TimeIsUp.Instance, within);
        foreach (var stream in streams.Keys)
        {
            Context.Watch(stream);
            stream.Tell(UnloadAgent.Instance);
        }

        EndWhenAllAnswered();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UnloadOutcome outcome: Take(Sender, outcome); break;
            case Terminated ended when streams.TryGetValue(ended.ActorRef, out var node): Take(ended.ActorRef, new UnloadOutcome(node, "Its stream ended before it answered.")); break;
            case Terminated: break; // it had answered
            case TimeIsUp: End(); break;
            default: Unhandled(message); break;
        }
    }

    private void Take(IActorRef stream, UnloadOutcome outcome)
    {
        if (streams.Remove(stream))
        {
            _outcomes.Add(outcome);
            EndWhenAllAnswered();
        }
    }

    private void EndWhenAllAnswered()
    {
        if (streams.Count == 0)
        {
            End();
        }
    }

    private void End()
    {
        _outcomes.AddRange(streams.Values.Select(node => new UnloadOutcome(node, "It has not answered in time.")));
        asker.Tell(new UnloadOutcomes(_outcomes));
        Context.Stop(Self);
    }

    private sealed class TimeIsUp : INoSerializationVerificationNeeded
    {
        public static readonly TimeIsUp Instance = new();
    }
}
