using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Caretta.Aggregator.Journal.Database;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>
/// Gets this process into the cluster, once its journal is ready: asks whoever may be a member, once a second, and does what
/// <see cref="FormationRules"/> say, until it is up.
/// </summary>
internal sealed class FormationActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan HoldEvery = TimeSpan.FromSeconds(2.5);

    /// <summary>An answer counts for so long.</summary>
    private static readonly TimeSpan AnswerLasts = TimeSpan.FromSeconds(3);

    /// <summary>A join that led nowhere is begun anew.</summary>
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(10);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<MemberAddress, (PeerAnswer Answer, long At)> _answers = [];
    private readonly IJournalDatabase _journal;
    private readonly IPeers _peers;
    private readonly MemberFate _fate;
    private readonly FormationSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _began;
    private JournalIdentity? _own;
    private FormationStep? _step;
    private long _joinedAt;
    private bool? _holds;

    public FormationActor(IJournalDatabase journal, IPeers peers, MemberFate fate, FormationSettings settings, TimeProvider time)
    {
        (_journal, _peers, _fate, _settings, _time) = (journal, peers, fate, settings, time);
        _began = time.GetTimestamp();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private MemberAddress Here => MemberAddress.Of(_cluster.SelfAddress);

    private bool IsIn => _cluster.SelfMember.Status is MemberStatus.Up;

    protected override void PreStart() => _journal.Ready.PipeTo(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JournalIdentity own: _own = own; Look(); break;
            case LookAgain: Look(); break;
            case PeersFound found when _own is not null: Consider(found, _own); break;
            case IdentityTold told: Note(told); break;
            case bool held: Tell(held); HoldLater(); break;
            case Status.Failure { Cause: StartRefusedException refused }: _fate.EndBecause(refused.Message); break;
            case Status.Failure failed when IsIn: Note(failed.Cause); break;
            case Status.Failure failed: Tell(new FormationStep.Wait(failed.Cause.Message)); LookLater(); break;
            default: Unhandled(message); break;
        }
    }

    private void Look()
    {
        if (IsIn)
        {
            Hold();
            return;
        }

        _peers.FindAsync(Here).PipeTo(Self);
    }

    /// <summary>Who is in needs nobody any more; but the oldest sees to it that nobody else begins a cluster.</summary>
    private void Hold()
    {
        if (!_peers.Holds)
        {
            return;
        }

        if (_cluster.State.Members.Where(member => member.Status == MemberStatus.Up).All(member => !member.IsOlderThan(_cluster.SelfMember)))
        {
            _peers.HoldAsync(Here).PipeTo(Self);
        }
        else
        {
            HoldLater();
        }
    }

    private void HoldLater() => Timers.StartSingleTimer(nameof(LookAgain), new LookAgain(), HoldEvery);

    private void Tell(bool held)
    {
        if (_holds != held)
        {
            _holds = held;
            _log.Info(held ? "This member holds the Lease of the cluster" : "Another one holds the Lease of the cluster; this member waits for it");
        }
    }

    private void Note(Exception away)
    {
        if (_holds is not null)
        {
            _holds = null;
            _log.Warning("The Lease of the cluster cannot be kept, nor can anybody else take it: {Cause}", away.Message);
        }

        HoldLater();
    }

    private void LookLater() => Timers.StartSingleTimer(nameof(LookAgain), new LookAgain(), LookEvery);

    private void Note(IdentityTold told) =>
        _answers[MemberAddress.Of(Sender.Path.Address)] = (new PeerAnswer(told.Journal, told.InCluster), _time.GetTimestamp());

    private void Consider(PeersFound found, JournalIdentity own)
    {
        var peers = found.Peers.Select(peer => new PeerView(peer.Address, AnswerOf(peer.Address), peer.KnownReady)).ToList();
        Do(FormationRules.Decide(new FormationView(own, peers, found.Quorum, found.MayNotFound ?? Patience(peers.Count))));
        foreach (var peer in peers)
        {
            MembershipActor.At(Context, peer.Address.ToAkka(_cluster.SelfAddress)).Tell(new AskIdentity());
        }

        LookLater();
    }

    /// <summary>A cluster that ended without a word may have left a member asleep that would go on exporting for so long when it wakes.</summary>
    private string? Patience(int peers) =>
        peers > 0 && _time.GetElapsedTime(_began) < _settings.FoundAfter ? "a cluster that there may be is given time to answer" : null;

    private PeerAnswer? AnswerOf(MemberAddress peer) =>
        _answers.TryGetValue(peer, out var known) && _time.GetElapsedTime(known.At) < AnswerLasts ? known.Answer : null;

    private void Do(FormationStep step)
    {
        Tell(step);
        switch (step)
        {
            case FormationStep.Found: _cluster.Join(_cluster.SelfAddress); break;
            case FormationStep.Join join: Join(join); break;
            case FormationStep.Refuse refuse: _fate.EndBecause(refuse.Reason); break;
            default: break;
        }
    }

    private void Join(FormationStep.Join join)
    {
        if (_joinedAt == 0 || _time.GetElapsedTime(_joinedAt) > JoinWithin)
        {
            _joinedAt = _time.GetTimestamp();
            _cluster.JoinSeedNodes(join.Members.Select(member => member.ToAkka(_cluster.SelfAddress)));
        }
    }

    private void Tell(FormationStep step)
    {
        if (step.Equals(_step))
        {
            return;
        }

        _step = step;
        switch (step)
        {
            case FormationStep.Wait wait: _log.Info("In no cluster yet: {Reason}", wait.Reason); break;
            case FormationStep.Join join: _log.Info("Joining the cluster of {Members}", string.Join(", ", join.Members)); break;
            case FormationStep.Found: _log.Info("No cluster found; {Member} begins one", Here); break;
            default: break;
        }
    }

    private sealed record LookAgain : INoSerializationVerificationNeeded;
}
