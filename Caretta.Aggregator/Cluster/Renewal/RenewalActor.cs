using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Caretta.Aggregator.Cluster.Renewal;

/// <summary>
/// Ends the process as if it had been asked to stop, when <see cref="RenewalRules"/> say so: Akka.Remote takes its certificate once, at the start.
/// Whoever supervises the process starts it again.
/// </summary>
internal sealed class RenewalActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IShownCertificate _shown;
    private readonly RenewalSettings _settings;
    private readonly IHostApplicationLifetime _life;
    private readonly TimeProvider _time;
    private long _changedAt;
    private long? _dueSince;
    private int _most;

    public RenewalActor(IShownCertificate shown, RenewalSettings settings, IHostApplicationLifetime life, TimeProvider time) =>
        (_shown, _settings, _life, _time, _changedAt) = (shown, settings, life, time, time.GetTimestamp());

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Look), new Look(), LookEvery);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.IMemberEvent or ClusterEvent.IReachabilityEvent: _changedAt = _time.GetTimestamp(); break;
            case Look: Consider(View()); break;
            default: Unhandled(message); break;
        }
    }

    private void Consider(RenewalView view)
    {
        if (!RenewalRules.RestartsNow(view, _settings))
        {
            return;
        }

        Timers.Cancel(nameof(Look));
        _log.Info("This member restarts to show the others its renewed certificate (the old one ends at {Expires:u}); they follow, one after the other", _shown.Expires);
        ThreadPool.QueueUserWorkItem(_ => _life.StopApplication()); // it runs what is registered with it; an actor does not wait for that
    }

    private RenewalView View()
    {
        var state = _cluster.State;
        _dueSince = _shown.IsOutdated ? _dueSince ?? _time.GetTimestamp() : null;
        _most = Math.Max(_most, state.Members.Count);
        return new RenewalView(
            _dueSince is { } since ? _time.GetElapsedTime(since) : null,
            _time.GetElapsedTime(_changedAt),
            _cluster.SelfMember.Status == MemberStatus.Up && state.Unreachable.IsEmpty && state.Members.All(member => member.Status == MemberStatus.Up),
            state.Members.All(member => !member.IsOlderThan(_cluster.SelfMember)),
            state.Members.Count,
            _most,
            _shown.Expires - _time.GetUtcNow());
    }

    private sealed record Look : INoSerializationVerificationNeeded;
}
