using Akka.Actor;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// Shards start when somebody speaks to them, but totals must be exported before anybody does, and a ledger that the journal failed is
/// gone until the next message. So each ledger hears from us at the start and now and then.
/// </summary>
internal sealed class LedgerWakerActor : UntypedActor, IWithTimers
{
    private readonly IActorRef _region;
    private readonly int _shardCount;
    private readonly TimeSpan _interval;

    public LedgerWakerActor(IActorRef region, int shardCount, TimeSpan interval) =>
        (_region, _shardCount, _interval) = (region, shardCount, interval);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Wake());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Wake: WakeAll(); Timers.StartSingleTimer(nameof(Wake), new Wake(), _interval); break;
            default: Unhandled(message); break;
        }
    }

    private void WakeAll()
    {
        for (var shard = 0; shard < _shardCount; shard++)
        {
            _region.Tell(new LedgerEnvelope(shard, new WakeLedger()));
        }
    }

    private sealed record Wake : INoSerializationVerificationNeeded;
}
