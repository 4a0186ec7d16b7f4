using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Caretta.Aggregator.Journal.Database;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster;

/// <summary>
/// What other processes may ask a member, by its path: its journal, before they join, and whether they are members to it. On a journal
/// that cannot be shared it lets nobody in.
/// </summary>
internal sealed class MembershipActor : UntypedActor
{
    public const string Name = "membership";

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Task<JournalIdentity> _ready;
    private JournalIdentity? _journal;

    public MembershipActor(IJournalDatabase journal) => _ready = journal.Ready;

    public static ActorSelection At(IUntypedActorContext context, Address member) =>
        context.ActorSelection(new RootActorPath(member) / "user" / Name);

    protected override void PreStart()
    {
        _ready.PipeTo(Self);
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AskIdentity: Sender.Tell(new IdentityTold(_journal, CanLetIn)); break;
            case AskMembership ask: Sender.Tell(new MembershipTold(ask.Number, IsMember(ask.Asker))); break;
            case JournalIdentity journal: _journal = journal; break;
            case ClusterEvent.MemberJoined joined: Guard(joined.Member); break;
            case ClusterEvent.MemberUp up: Guard(up.Member); break;
            case ClusterEvent.IMemberEvent: break;
            case Status.Failure: break; // the start is refused elsewhere
            default: Unhandled(message); break;
        }
    }

    private bool CanLetIn => _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp
        && _cluster.State.Members.Any(member => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress));

    /// <summary>One that is unreachable from anywhere may soon be replaced, so from now on its word counts for nothing.</summary>
    private bool IsMember(UniqueAddress asker)
    {
        var state = _cluster.State;
        return state.Members.Any(member => member.UniqueAddress.Equals(asker)
                && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Joining or MemberStatus.WeaklyUp)
            && !state.Unreachable.Any(member => member.UniqueAddress.Equals(asker));
    }

    private void Guard(Member other)
    {
        if (_journal is { Shared: false } && !other.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
        {
            _log.Error("{Member} joined, but this member keeps its journal in SQLite and can have no other members; it is put out", other.Address);
            _cluster.Down(other.Address);
        }
    }
}
