using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator.Journal.Database;
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
    private readonly Electorate _electorate;
    private readonly OwnershipLease _lease;
    private readonly MemberFate _fate;
    private readonly ClusterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly OwnershipPatience _patience;
    private readonly Task<JournalIdentity> _journal;
    private long? _hopelessSince;
    private long? _unaffirmedSince;

    public OwnershipActor(IJournalDatabase journal, OwnershipLease lease, MemberFate fate, ClusterMetrics metrics, OwnershipPatience patience, TimeProvider time)
    {
        (_journal, _lease, _fate, _metrics, _patience, _time) = (journal.Ready, lease, fate, metrics, patience, time);
        _electorate = new Electorate(_cluster.SelfUniqueAddress);
    }

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
            case ClusterEvent.IMemberEvent changed:
                Note(changed);
                Show();
                break;
            case ClusterEvent.IReachabilityEvent: Show(); break;
            case ClusterEvent.IClusterDomainEvent: break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>Otherwise nobody can take anything over: whoever joins all the same is put out, and that is all.</summary>
    private bool IsJournalShared => _journal is { IsCompletedSuccessfully: true, Result.Shared: true };

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);

    private void Note(ClusterEvent.IMemberEvent changed)
    {
        var member = changed.Member.UniqueAddress;
        switch (changed)
        {
            case ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } when IsJournalShared: _electorate.GivenUp(member); break;
            case ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved: _electorate.Left(member); break;
            default: _electorate.Seen(member, changed.Member.Status); break;
        }
    }

    private void Ask()
    {
        if (_cluster.SelfMember.Status is not (MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting))
        {
            return;
        }

        var ballot = _electorate.Look();
        var number = _rounds.Begin(ballot, _time.GetTimestamp());
        foreach (var other in ballot.Voters)
        {
            MembershipActor.At(Context, other.Address).Tell(new AskMembership(number, _cluster.SelfUniqueAddress));
        }

        Renew(); // who is alone needs nobody's word
        GiveUpIfHopeless(ballot);
    }

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
        if (_rounds.Affirmed is { } affirmed)
        {
            _electorate.Settle(affirmed.Ballot);
            _lease.Renew(affirmed.At);
        }
    }

    /// <summary>Others may have put it out, or it gave up so many that they may be the majority, and go on without it.</summary>
    private void GiveUpIfHopeless(Ballot ballot)
    {
        _hopelessSince = ballot.CanBeAffirmed ? null : _hopelessSince ?? _time.GetTimestamp();
        _unaffirmedSince = _lease.Held ? null : _unaffirmedSince ?? _time.GetTimestamp();
        if (HasLasted(_hopelessSince, _patience.Hopeless))
        {
            Lose("those that it gave up may be most of it");
        }
        else if (HasLasted(_unaffirmedSince, _patience.Unaffirmed))
        {
            Lose("the other members have not affirmed it for a long time");
        }
    }

    private bool HasLasted(long? since, TimeSpan time) => since is { } begin && _time.GetElapsedTime(begin) >= time;

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
