using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Has a ledger's place for the rest of its shard's pause. Who speaks to it meanwhile gets no answer and asks again, as when a ledger fails at its
/// recovery; the first who does so afterwards starts the ledger.
/// </summary>
internal sealed class RestingLedgerActor(int shard, TimeSpan rest, RecoveryPauses pauses, RecoveredShards recovered, LinkGauges gauges)
    : UntypedActor, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartSingleTimer(nameof(Rested), new Rested(), rest);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Rested: Context.Stop(Self); break;
            case LeaveShard: Leave(); break;
            case ILedgerMessage: break;
            default: Unhandled(message); break;
        }
    }

    private void Leave()
    {
        pauses.Forget(shard);
        recovered.Leave(shard);
        gauges.Leave(shard);
        Context.Stop(Self);
    }

    private sealed record Rested : INoSerializationVerificationNeeded;
}
