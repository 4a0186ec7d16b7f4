using Akka.Actor;
using Caretta.Aggregator.Shards;
using Source = Caretta.Messages.Source;

namespace Caretta.Aggregator.Ingress;

/// <summary>One stream's claim on its node's name: made before the agent is welcomed, and again whenever who keeps the names has moved.</summary>
internal sealed class NameDialogue(Source source, StreamSettings settings, IActorRef region, TimeProvider time, Random random)
{
    private readonly long _began = time.GetTimestamp();
    private IActorRef? _keeper;
    private int _repeats;
    private bool _isAsking;

    /// <summary>The name was granted once; that it is claimed again changes nothing for the agent.</summary>
    public bool IsGranted { get; private set; }

    /// <summary>The stream is still without its name, and has been for too long.</summary>
    public bool IsHopeless => !IsGranted && time.GetElapsedTime(_began) >= settings.ClaimWithin;

    public void Claim(ITimerScheduler timers)
    {
        _isAsking = true;
        region.Tell(new NodeEnvelope(source.NodeName, new ClaimNode(source, time.GetElapsedTime(_began))));
        timers.StartSingleTimer(nameof(ClaimAgain), ClaimAgain.Instance, settings.RepeatAfter(_repeats++, random));
    }

    /// <returns>Whether the name is granted for the first time.</returns>
    public bool Granted(IActorRef keeper, IUntypedActorContext context, ITimerScheduler timers)
    {
        if (!_isAsking)
        {
            return false; // it was asked more than once
        }

        timers.Cancel(nameof(ClaimAgain));
        if (_keeper is not null && !_keeper.Equals(keeper))
        {
            context.Unwatch(_keeper);
        }

        (_isAsking, _repeats, _keeper) = (false, 0, keeper);
        context.Watch(keeper);
        var first = !IsGranted;
        IsGranted = true;
        return first;
    }

    public void Stopped(IActorRef keeper, ITimerScheduler timers)
    {
        if (keeper.Equals(_keeper) && !_isAsking)
        {
            Claim(timers);
        }
    }

    internal sealed class ClaimAgain : INoSerializationVerificationNeeded
    {
        public static readonly ClaimAgain Instance = new();
    }
}
