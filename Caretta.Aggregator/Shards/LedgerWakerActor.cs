using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Shards;

/// <summary>
/// Shards start when somebody speaks to them, but totals must be exported before anybody does, after a move as at the start, and a ledger
/// that the journal failed is gone until the next message. So each ledger hears now and then from the oldest member, where it is also
/// decided who has which shard.
/// </summary>
internal sealed class LedgerWakerActor : UntypedActor, IWithTimers
{
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly IActorRef _region;
    private readonly int _shardCount;
    private readonly TimeSpan _interval;
    private readonly AwakeShards _awake;

    public LedgerWakerActor(IActorRef region, int shardCount, TimeSpan interval, AwakeShards awake) =>
        (_region, _shardCount, _interval, _awake) = (region, shardCount, interval, awake);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Wake), new Wake(), TimeSpan.Zero, _interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Wake when IsOldest: WakeAll(); break;
            case Wake: break;
            case LedgerAwake awake: _awake.Add(awake.Shard); break;
            default: Unhandled(message); break;
        }
    }

    private bool IsOldest => _cluster.State.Members.All(member => member.Status is MemberStatus.Joining or MemberStatus.Down or MemberStatus.Removed
        || member.UniqueAddress.Equals(_cluster.SelfUniqueAddress) || _cluster.SelfMember.IsOlderThan(member));

    private void WakeAll()
    {
        for (var shard = 0; shard < _shardCount; shard++)
        {
            _region.Tell(new LedgerEnvelope(shard, new WakeLedger()));
        }
    }

    private sealed record Wake : INoSerializationVerificationNeeded;
}
