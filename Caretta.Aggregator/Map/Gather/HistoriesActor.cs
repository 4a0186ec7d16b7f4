using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator.Map.Trails;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>Asks all members for the last hour of some links, once, and answers with what came in time.</summary>
internal sealed class HistoriesActor : UntypedActor, IWithTimers
{
    private readonly IActorRef _asker;
    private readonly List<KeyValuePair<ulong, History>> _found;
    private readonly HashSet<Address> _open;
    private readonly AskHistories _ask;
    private readonly TimeSpan _within;

    public HistoriesActor(
        IActorRef asker, IReadOnlyList<KeyValuePair<ulong, History>> own, IReadOnlyList<UniqueAddress> others, AskHistories ask, TimeSpan within)
    {
        (_asker, _found, _ask, _within) = (asker, [.. own], ask, within);
        _open = [.. others.Select(other => other.Address)];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var member in _open)
        {
            MapActor.At(Context, member).Tell(_ask);
        }

        Timers.StartSingleTimer(nameof(TimeIsUp), new TimeIsUp(), _within);
        AnswerWhenTold();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HistoriesTold told when told.Number == _ask.Number && _open.Remove(Sender.Path.Address):
                _found.AddRange(told.Histories);
                AnswerWhenTold();
                break;
            case HistoriesTold: break;
            case TimeIsUp: Answer(); break;
            default: Unhandled(message); break;
        }
    }

    private void AnswerWhenTold()
    {
        if (_open.Count == 0)
        {
            Answer();
        }
    }

    private void Answer()
    {
        _asker.Tell(new HistoriesFound(_found));
        Context.Stop(Self);
    }

    private sealed record TimeIsUp : INoSerializationVerificationNeeded;
}
