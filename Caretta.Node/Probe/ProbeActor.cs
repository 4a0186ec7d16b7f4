using Akka.Actor;
using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Caretta.Node.Names;
using Microsoft.Data.Sqlite;

namespace Caretta.Node.Probe;

/// <summary>
/// Times the polls and tells the forwarder, its child, what is durable. On a thread of its own (<see cref="Dispatcher"/>): the calls into
/// the kernel and the commit are short, but they block.
/// </summary>
public sealed partial class ProbeActor : UntypedActor, IWithTimers
{
    /// <summary>A pinned dispatcher, declared where the actor system is configured.</summary>
    public const string Dispatcher = "caretta.probe-dispatcher";

    /// <summary>HOCON: Akka.Hosting has no option for it.</summary>
    public const string DispatcherConfig = $"{Dispatcher} {{ type = PinnedDispatcher }}";

    private const string PollTimer = "poll";

    private readonly Poller _poller;
    private readonly NodeOptions _options;
    private readonly ProbeHealth _health;
    private readonly ILogger _logger;
    private readonly Func<IUntypedActorContext, IActorRef> _startForwarder;
    private IActorRef _forwarder = ActorRefs.Nobody;
    private int _directoryStream;

    public ProbeActor(
        Poller poller, NodeOptions options, ProbeHealth health, ILogger logger, Func<IUntypedActorContext, IActorRef> startForwarder) =>
        (_poller, _options, _health, _logger, _startForwarder) = (poller, options, health, logger, startForwarder);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        Poller poller, NodeOptions options, ProbeHealth health, ILogger logger, Func<IUntypedActorContext, IActorRef> startForwarder) =>
        Akka.Actor.Props.Create(() => new ProbeActor(poller, options, health, logger, startForwarder)).WithDispatcher(Dispatcher);

    protected override void PreStart()
    {
        _forwarder = _startForwarder(Context);
        _forwarder.Tell(_poller.Started());
        Self.Tell(Poll.Instance);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UnloadAsked asked: Unload(asked); break;
            case not null when _health.IsUnloaded: break; // there is nothing to poll, and nothing that a name or a refusal would change
            case Poll: RunPoll(); break;
            case IncarnationRefused refused: Refuse(refused); break;
            case DirectoryTold told: StateChanged(told); break;
            case NamesTold told: Tell(directory => directory.Learn(told.Answers)); break;
            case DirectoryLost lost: Tell(directory => directory.StreamEnded(lost.HeardAt)); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>A forwarder that failed has forgotten what it held; with the probe it begins again from the ledger.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void PreRestart(Exception reason, object message)
    {
        // Not PostStop: the programs go on counting, and the poller is the next instance's too.
        _logger.LogError(reason, "The probe failed in a way that was not foreseen. It begins again from what the ledger holds.");
        foreach (var child in Context.GetChildren())
        {
            Context.Stop(child);
        }
    }

    protected override void PostRestart(Exception reason)
    {
        _poller.Distrust();
        _poller.Directory?.StreamEnded(TimeSpan.Zero);
        _forwarder = _startForwarder(Context);
        PollLater(); // not at once: what failed may fail again
    }

    protected override void PostStop()
    {
        try
        {
            if (_options.DetachOnStop && !_health.IsUnloaded)
            {
                _poller.Unload();
            }
        }
        catch (Exception failure) when (failure is LibbpfException or SqliteException or IOException)
        {
            _logger.LogError(failure, "Detaching failed. The pinned tables keep the counts; run caretta-node unload, or start the agent again.");
        }
        finally
        {
            _poller.Dispose();
        }
    }

    private void RunPoll()
    {
        var outcome = _poller.Run();
        if (outcome is not null)
        {
            _forwarder.Tell(outcome);
        }

        _health.PollEnded(outcome is not null);
        AskDirectory();
        PollLater();
    }

    private void StateChanged(DirectoryTold told)
    {
        _directoryStream = told.Stream;
        if (_poller.Directory is not null && !told.State.Enabled)
        {
            _logger.LogWarning(
                "Names are to come from the cluster, but the aggregator watches none: set Caretta:Aggregator:Kubernetes there, or Caretta:Node:Names to Host here. Bytes wait.");
        }

        Tell(directory => directory.StateChanged(told.State));
    }

    private void Tell(Action<IDirectoryUser> what)
    {
        if (_poller.Directory is { } directory)
        {
            what(directory);
            AskDirectory();
        }
    }

    private void AskDirectory()
    {
        if (_poller.Directory?.NextQuestions() is { } questions)
        {
            _forwarder.Tell(new AskDirectory(_directoryStream, questions));
        }
    }

    private void Refuse(IncarnationRefused refused)
    {
        if (_poller.Refuse(refused))
        {
            RunPoll(); // nothing more is accepted until the new incarnation is told of
        }
    }

    private void PollLater() => Timers.StartSingleTimer(PollTimer, Poll.Instance, _options.PollInterval);

    private sealed class Poll : INoSerializationVerificationNeeded
    {
        public static readonly Poll Instance = new();
    }
}
