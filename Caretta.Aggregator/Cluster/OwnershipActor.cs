using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>
/// Asks the other members once a second whether this is still one and renews the lease for as long as most of them affirm it. When the
/// cluster has put this member out, the process ends.
/// </summary>
internal sealed class OwnershipActor : UntypedActor, IWithTimers
{
    private const int RoundsKept = 5;
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly MembershipRounds _rounds = new(RoundsKept);
    private readonly OwnershipLease _lease;
    private readonly MemberFate _fate;
    private readonly ClusterMetrics _metrics;
    private readonly TimeProvider _time;

    public OwnershipActor(OwnershipLease lease, MemberFate fate, ClusterMetrics metrics, TimeProvider time) =>
        (_lease, _fate, _metrics, _time) = (lease, fate, metrics, time);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IClusterDomainEvent));
        Timers.StartPeriodicTimer(nameof(AskAll), new AskAll(), TimeSpan.Zero, AskEvery);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AskAll:
                Show(); // the cluster's state may be behind the event that told of a change
                Ask();
                break;
            case MembershipTold told: Note(told); break;
            case ClusterEvent.MemberDowned downed when IsSelf(downed.Member): Lose("the other members have given it up"); break;
            case ClusterEvent.MemberRemoved removed when IsSelf(removed.Member) && removed.PreviousStatus == MemberStatus.Down:
                Lose("the other members have put it out");
                break;
            case ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent: Show(); break;
            case ClusterEvent.IClusterDomainEvent: break;
            default: Unhandled(message); break;
        }
    }

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    private void Ask()
    {
        var others = _cluster.State.Members.Where(Counts).Select(member => member.UniqueAddress).ToList();
        if (_cluster.SelfMember.Status is not (MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting))
        {
            return;
        }

        var number = _rounds.Begin(others, _time.GetTimestamp());
        foreach (var other in others)
        {
            MembershipActor.At(Context, other.Address).Tell(new AskMembership(number, _cluster.SelfUniqueAddress));
        }

        Renew(); // who is alone needs nobody's word
    }

    /// <summary>Those that join count as well: the others may already take them for members.</summary>
    private bool Counts(Member member) => !IsSelf(member) && member.Status is not (MemberStatus.Down or MemberStatus.Removed);

    private void Note(MembershipTold told)
    {
        if (_cluster.State.Members.FirstOrDefault(member => member.Address.Equals(Sender.Path.Address)) is { } member)
        {
            _rounds.Answered(told.Number, member.UniqueAddress, told.IsMember);
        }

        Renew();
    }

    private void Renew()
    {
        if (_rounds.AffirmedAt is { } at)
        {
            _lease.Renew(at);
        }
    }

    private void Show()
    {
        _metrics.Members.Set(_cluster.State.Members.Count);
        _metrics.Unreachable.Set(_cluster.State.Unreachable.Count);
    }

    private void Lose(string how)
    {
        _lease.Lose();
        _fate.EndBecause($"This member has lost its cluster: {how}, and others take over its links. The process ends; started again, it joins anew.");
    }

    private sealed record AskAll : INoSerializationVerificationNeeded;
}
