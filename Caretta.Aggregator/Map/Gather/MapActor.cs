using Akka.Actor;
using Akka.Cluster;
using Caretta.Aggregator.Cluster;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Map.Trails;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>
/// Samples this member's links, once a minute and while somebody looks more often, tells other members of them, and while somebody looks at this
/// member gathers theirs. No link's actor is ever asked: what they show is copied.
/// </summary>
internal sealed class MapActor : UntypedActor, IWithTimers
{
    public const string Name = "map";

    /// <summary>
    /// One thread of its own: when 50,000 links come at once, their actors' first messages stand in the common pool's one queue before whatever is
    /// asked next, and who looks at the map would wait for all of them.
    /// </summary>
    public const string Dispatcher = "caretta.map-dispatcher";

    public const string Hocon = $$"""
        {{Dispatcher}} {
          type = ForkJoinDispatcher
          throughput = 10
          dedicated-thread-pool.thread-count = 1
        }
        """;

    private const int MostWaiting = 1000;
    private const int MostHistories = 50;
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly OwnLinks _own = new();
    private readonly List<IActorRef> _waiting = [];
    private readonly LinkGauges _gauges;
    private readonly OwnershipLease _lease;
    private readonly MapFeed _feed;
    private readonly MapSettings _settings;
    private readonly MapMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TellLinks _tell;
    private readonly ClusterLinks _all;
    private long _questions;
    private long _minute;
    private TimeSpan? _sampledAt;
    private TimeSpan? _lookedAt;
    private TimeSpan? _madeAt;
    private TimeSpan? _gatheringSince;

    public MapActor(LinkGauges gauges, OwnershipLease lease, MapFeed feed, MapSettings settings, MapMetrics metrics, TimeProvider time)
    {
        (_gauges, _lease, _feed, _settings, _metrics, _time) = (gauges, lease, feed, settings, metrics, time);
        _started = time.GetTimestamp();
        _all = new ClusterLinks(feed.Current.Number);
        _tell = new TellLinks(_own, (ulong)Random.Shared.NextInt64(1, long.MaxValue));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    private long Minute => _time.GetUtcNow().ToUnixTimeSeconds() / 60;

    private bool IsLookedAt => _feed.Streams > 0 || (_lookedAt is { } at && Now - at < _settings.LookedAtFor);

    public static ActorSelection At(IUntypedActorContext context, Address member) => context.ActorSelection(new RootActorPath(member) / "user" / Name);

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TickEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick: OnTick(); break;
            case LookAtMap: Look(); break;
            case AskLinks ask: Sender.Tell(Answer(ask)); break;
            case LinksTold told: Take(told); break;
            case AskHistories ask: Sender.Tell(Histories(ask)); break;
            case FindHistories find: Find(find); break;
            default: Unhandled(message); break;
        }
    }

    private void OnTick()
    {
        if (Minute != _minute)
        {
            Sample();
        }

        if (_gatheringSince is { } since)
        {
            if (Now - since >= _settings.AnswerWithin)
            {
                Complete();
            }
            else
            {
                CompleteWhenAnswered();
            }
        }
        else if (IsLookedAt && !IsFresh)
        {
            Gather();
        }
    }

    private bool IsFresh => _madeAt is { } at && Now - at < _settings.Refresh;

    private void Look()
    {
        _lookedAt = Now;
        if (IsFresh || _waiting.Count >= MostWaiting)
        {
            Sender.Tell(_feed.Current);
            return;
        }

        _waiting.Add(Sender);
        if (_gatheringSince is null)
        {
            Gather();
        }
    }

    private void Gather()
    {
        _gatheringSince = Now;
        _metrics.Gathers.Inc();
        SampleWhenOld();
        foreach (var (address, member) in _all.Begin(Others()))
        {
            Ask(address, member);
        }

        CompleteWhenAnswered();
    }

    private IEnumerable<UniqueAddress> Others() => _cluster.State.Members
        .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting && !member.UniqueAddress.Equals(_cluster.SelfUniqueAddress))
        .Select(member => member.UniqueAddress);

    private void Ask(UniqueAddress address, HeldMember member) => At(Context, address.Address).Tell(member.Ask(++_questions));

    private void Take(LinksTold told)
    {
        if (_all.Open.FirstOrDefault(member => member.Address.Equals(Sender.Path.Address)) is { } address && _all.Of(address) is { } member)
        {
            if (member.Take(told, Now))
            {
                Ask(address, member);
            }
            else
            {
                CompleteWhenAnswered();
            }
        }
    }

    /// <summary>This member too has an answer only while its links are its own: just after its start, or when it could not ask the others lately, not yet.</summary>
    private void CompleteWhenAnswered()
    {
        if (_gatheringSince is not null && _lease.Held && !_all.Open.Any())
        {
            Complete();
        }
    }

    private void Complete()
    {
        var model = _all.Complete(_lease.Held ? _own.Facts : null, $"{MemberAddress.Of(_cluster.SelfAddress)}", _time.GetUtcNow(), Now);
        _metrics.GatherSeconds.Observe((Now - _gatheringSince!.Value).TotalSeconds);
        _metrics.MembersMissing.Inc(model.Members.Missing.Count);
        _metrics.Links.Set(model.Links.Count);
        (_gatheringSince, _madeAt) = (null, Now);
        _feed.Publish(model);
        _waiting.ForEach(waiting => waiting.Tell(model));
        _waiting.Clear();
    }

    private LinksTold Answer(AskLinks ask)
    {
        if (!_lease.Held)
        {
            return _tell.Withhold(ask);
        }

        SampleWhenOld();
        return _tell.Answer(ask);
    }

    /// <summary>Several members may ask; rates of less than a refresh would jump.</summary>
    private void SampleWhenOld()
    {
        if (_sampledAt is not { } at || Now - at >= _settings.Refresh * 0.8)
        {
            Sample();
        }
    }

    private void Sample()
    {
        (_sampledAt, _minute) = (Now, Minute);
        _own.Sample(_gauges.LookAtLinks(), Now, _minute);
        _metrics.LinksWithoutHistory.Set(_own.WithoutHistory);
    }

    private HistoriesTold Histories(AskHistories ask) => new(ask.Number, Histories(ask.LinkIds));

    private List<KeyValuePair<ulong, History>> Histories(IEnumerable<ulong> linkIds) =>
        [.. linkIds.Take(AskHistories.Most).Select(linkId => KeyValuePair.Create(linkId, _own.LastHour(linkId))).Where(of => of.Value.Sent.Count > 0)];

    private void Find(FindHistories find)
    {
        var own = Histories(find.LinkIds);
        if (Context.GetChildren().Count() >= MostHistories)
        {
            _metrics.QuestionsRefused.Inc();
            Sender.Tell(new HistoriesFound(own));
            return;
        }

        var (others, asker, number, within) = (Others().ToList(), Sender, ++_questions, _settings.AnswerWithin);
        Context.ActorOf(Props.CreateBy(new ActorMaker<HistoriesActor>(() => new HistoriesActor(asker, own, others, new AskHistories(number, find.LinkIds), within))));
    }

    private sealed record Tick : INoSerializationVerificationNeeded;
}
