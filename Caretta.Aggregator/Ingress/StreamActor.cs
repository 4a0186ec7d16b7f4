using Akka.Actor;
using Akka.Event;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Messages.Wire;
using DirectoryState = Caretta.Messages.DirectoryState;
using ExternalPair = Caretta.Messages.ExternalPair;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One per stream, between an agent and the ledgers: claims the node's name, asks each shard what it holds, passes batches on, and
/// acknowledgements back. A shard that moves or whose journal is away is opened again within the stream; an agent too old to know that is sent
/// away instead, comes again and resends.
/// </summary>
internal sealed class StreamActor : UntypedActor, IWithTimers
{
    /// <summary>What changes within this time is told in one message.</summary>
    private static readonly TimeSpan ChangesTogether = TimeSpan.FromMilliseconds(50);

    /// <summary>What shards answer within this time is told in one message, sooner if none is waited for any more.</summary>
    private static readonly TimeSpan AnswersTogether = TimeSpan.FromMilliseconds(20);

    /// <summary>For agents that cannot be asked to wait: no shard's number, but all of them.</summary>
    private const int AllOpened = -1;

    /// <summary>Batches come many to a message.</summary>
    private const uint Protocol = 1;

    /// <summary>A question about externals that is not answered by then is asked again.</summary>
    private static readonly TimeSpan GrantsWithin = TimeSpan.FromSeconds(2);

    private readonly StreamSettings _settings;
    private readonly AgentHello _hello;
    private readonly Outgoing _agent;
    private readonly InFlight _inFlight;
    private readonly Refusals _refusals;
    private readonly AggregatorMetrics _metrics;
    private readonly Random _random = new();
    private readonly ShardDialogue<IActorRef> _shards;
    private readonly NameDialogue _name;
    private readonly DirectoryDialogue _directory;
    private readonly GrantDialogue _grants;
    private readonly UnloadDialogue _unload;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Answers _answers = new();
    private bool _welcome;
    private bool _toldWaiting;
    private bool _complained;

    public StreamActor(
        AgentHello hello,
        StreamSettings settings,
        IActorRef region,
        Outgoing agent,
        InFlight inFlight,
        Refusals refusals,
        AggregatorMetrics metrics,
        IDirectory directory,
        IActorRef grants,
        TimeProvider time)
    {
        (_hello, _settings, _agent, _inFlight, _refusals, _metrics) = (hello, settings, agent, inFlight, refusals, metrics);
        var port = new ShardPort(region, Context, this);
        _shards = new ShardDialogue<IActorRef>(hello.Source, hello.Epoch, hello.PollInterval, settings, port, inFlight, metrics, _random);
        _name = new NameDialogue(hello.Source, settings, region, time, _random);
        _directory = new DirectoryDialogue(directory, Self);
        _grants = new GrantDialogue(grants);
        _unload = new UnloadDialogue(hello);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => _name.Claim(Timers);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AgentBatches batches: Pass(batches.Batches); break;
            case ShardHeld held: Answer(held); break;
            case NodeAnswer answer: Answer(answer); break;
            case Terminated gone: Stopped(gone.ActorRef); break;
            case NameQuestions questions: Ask(questions); break;
            case Subject changed: Note(changed); break;
            case DirectoryState state: Send(new FromAggregator { Directory = state.ToWire() }); break;
            case TellChanges: SendChanges(); break;
            case TellAnswers: SendAnswers(); break;
            case GrantsGiven given: Answer(given); break;
            case AskGrantsAgain: AskGrantsAgainLater(); break;
            case UnloadAgent: AskToUnload(); break;
            case AgentUnloaded said: _unload.Answer(said); break;
            case EndStream { Kind: RefusalKind.RefusalProveAgain } end: Refuse(end.Kind, end.Reason); break;
            case EndStream end: End(end.Reason, StreamEnd.Stopping); break;
            case GrowOld: End("The stream is old; agents spread over the members again now and then.", StreamEnd.Age); break;
            case TellWaiting: SendWaiting(); break;
            case ShardPort.Late late: Repeat(late); break;
            case NameDialogue.ClaimAgain: ClaimAgain(); break;
            default: Unhandled(message); break;
        }
    }

    private void Welcome()
    {
        _welcome = true;
        _inFlight.EndQuestions(); // from now on they may come
        Send(new FromAggregator
        {
            Welcome = new Welcome { ShardCount = (uint)_settings.ShardCount, Member = _settings.Member, Version = _settings.Version, Protocol = Protocol },
        });
        Send(_directory.Begin());
        _shards.Begin();
        if (_unload.IsWaiting)
        {
            SendUnload();
        }

        Timers.StartSingleTimer(nameof(GrowOld), GrowOld.Instance, _settings.AgeOf(_random));
        if (_hello.MayReopen)
        {
            Timers.StartPeriodicTimer(nameof(TellWaiting), TellWaiting.Instance, _settings.TellWaiting);
        }
        else
        {
            Timers.StartSingleTimer(nameof(AllOpened), new ShardPort.Late(AllOpened), _settings.AnswerWithin);
        }
    }

    private void Pass(IReadOnlyList<AgentBatch> batches)
    {
        if (!_complained && batches.SelectMany(batch => batch.Contents.Faults).FirstOrDefault() is { } fault)
        {
            _complained = true; // a counter has them all
            _log.Warning("Reports of node {Node} are left out. The first: {Fault}", _hello.Source.NodeName, fault.Message);
        }

        foreach (var batch in batches)
        {
            _shards.Pass(batch);
        }
    }

    private void Answer(ShardHeld held)
    {
        if (_shards.Answer(held, Sender) is not { Held: { } answer })
        {
            return;
        }

        if (!_hello.TakesMany)
        {
            Send(new FromAggregator { Held = answer });
            return;
        }

        _answers.Held.Add(answer);
        if (!_shards.IsWaiting)
        {
            SendAnswers();
        }
        else if (_answers.Held.Count == 1)
        {
            Timers.StartSingleTimer(nameof(TellAnswers), TellAnswers.Instance, AnswersTogether);
        }
    }

    private void SendAnswers()
    {
        if (_answers.Held.Count > 0)
        {
            Send(new FromAggregator { Answers = _answers });
            _answers = new Answers();
        }
    }

    private void Answer(NodeAnswer answer)
    {
        switch (answer.Verdict)
        {
            case NodeVerdict.Granted:
                if (_name.Granted(Sender, Context, Timers))
                {
                    Welcome();
                }

                break;
            case NodeVerdict.InUse:
                var inUse = $"Another live stream reports as node '{_hello.Source.NodeName}'. Do two agents bear that name?";
                Refuse(RefusalKind.RefusalNodeNameInUse, inUse);
                break;
            case NodeVerdict.TakenOver:
                _metrics.StreamsEnded.WithLabels(StreamEnd.TakenOver).Inc();
                Refuse(RefusalKind.RefusalNodeNameInUse, $"A younger stream of the same agent reports as node '{_hello.Source.NodeName}'.");
                break;
            default: Unhandled(answer); break;
        }
    }

    private void Stopped(IActorRef gone)
    {
        _name.Stopped(gone, Timers);
        if (!_shards.Stopped(gone))
        {
            return;
        }

        if (!_hello.MayReopen)
        {
            End($"The ledger {gone.Path.Name} stopped.", StreamEnd.Unanswered);
        }
    }

    private void Repeat(ShardPort.Late late)
    {
        var isLate = late.Shard == AllOpened ? !_shards.AreAllOpen : _shards.IsOpen(late.Shard);
        if (!_hello.MayReopen && isLate)
        {
            End("A shard has not answered; its journal may be away.", StreamEnd.Unanswered);
        }
        else if (late.Shard != AllOpened)
        {
            _shards.Repeat(late.Shard);
        }
    }

    private void ClaimAgain()
    {
        if (_name.IsHopeless)
        {
            End("Whether the node's name is free cannot be told just now.", StreamEnd.Unanswered);
        }
        else
        {
            _name.Claim(Timers);
        }
    }

    /// <summary>So that a slow journal is not taken for an aggregator that is silent altogether.</summary>
    private void SendWaiting()
    {
        var waiting = _shards.Waiting;
        if ((waiting.Count > 0 || _toldWaiting) && _agent.HasRoomForChanges)
        {
            Send(new FromAggregator { Waiting = new Waiting { Shards = { waiting } } });
            _toldWaiting = waiting.Count > 0;
        }
    }

    private void Ask(NameQuestions questions)
    {
        try
        {
            var parts = _directory.Answer(questions).ToList();
            _inFlight.EndQuestions(); // before the agent reads the answer and asks on
            parts.ForEach(Send);

            AskGrants(questions.Externals);
        }
        catch (TooManySubjectsException tooMany)
        {
            Refuse(RefusalKind.RefusalInvalid, tooMany.Message);
        }
    }

    private void AskGrants(IReadOnlyList<ExternalPair> pairs)
    {
        var wasWaiting = _grants.IsWaiting;
        if (!_grants.Ask(pairs))
        {
            End("Too many questions about externals wait; the journal may be away.", StreamEnd.Unanswered);
        }
        else if (_grants.IsWaiting && !wasWaiting)
        {
            Timers.StartSingleTimer(nameof(AskGrantsAgain), AskGrantsAgain.Instance, GrantsWithin);
        }
    }

    private void AskGrantsAgainLater()
    {
        if (_grants.IsWaiting)
        {
            _grants.AskAgain();
            Timers.StartSingleTimer(nameof(AskGrantsAgain), AskGrantsAgain.Instance, GrantsWithin);
        }
    }

    private void AskToUnload()
    {
        if (_unload.Ask(Sender) && _welcome)
        {
            SendUnload();
        }
    }

    private void SendUnload()
    {
        _inFlight.BeginUnload();
        Send(new FromAggregator { Unload = new Unload() });
    }

    private void Answer(GrantsGiven given)
    {
        if (_grants.Answer(given) is { } answer)
        {
            Send(answer);
        }
    }

    private void Note(Subject changed)
    {
        if (_directory.Note(changed))
        {
            Timers.StartSingleTimer(nameof(TellChanges), TellChanges.Instance, ChangesTogether);
        }
    }

    /// <summary>An agent that reads slowly hears of changes later, and of many at once.</summary>
    private void SendChanges()
    {
        if (_agent.HasRoomForChanges && _directory.NextChanges() is { } changes)
        {
            Send(changes);
        }

        if (_directory.HasChanges)
        {
            Timers.StartSingleTimer(nameof(TellChanges), TellChanges.Instance, ChangesTogether);
        }
    }

    private void End(string reason, string label)
    {
        _metrics.StreamsEnded.WithLabels(label).Inc();
        Refuse(RefusalKind.RefusalUnavailable, reason);
    }

    private void Refuse(RefusalKind kind, string reason)
    {
        Send(_refusals.Of(kind, reason));
        Context.Stop(Self);
    }

    /// <summary>There is room for all that a stream which keeps the rules can cause; one that does not read is ended.</summary>
    private void Send(FromAggregator message)
    {
        if (!_agent.TryWrite(message))
        {
            _metrics.StreamsEnded.WithLabels(StreamEnd.SlowReader).Inc();
            Context.Stop(Self);
        }
    }

    protected override void PostStop()
    {
        _directory.End();
        _agent.Complete();
    }

    private sealed class AskGrantsAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskGrantsAgain Instance = new();
    }

    private sealed class TellChanges : INoSerializationVerificationNeeded
    {
        public static readonly TellChanges Instance = new();
    }

    private sealed class TellAnswers : INoSerializationVerificationNeeded
    {
        public static readonly TellAnswers Instance = new();
    }

    private sealed class GrowOld : INoSerializationVerificationNeeded
    {
        public static readonly GrowOld Instance = new();
    }

    private sealed class TellWaiting : INoSerializationVerificationNeeded
    {
        public static readonly TellWaiting Instance = new();
    }
}
