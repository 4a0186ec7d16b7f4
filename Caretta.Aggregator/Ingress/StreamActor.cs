using Akka.Actor;
using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Messages.Wire;
using DirectoryState = Caretta.Messages.DirectoryState;
using ExternalPair = Caretta.Messages.ExternalPair;
using Source = Caretta.Messages.Source;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Aggregator.Ingress;

/// <summary>
/// One per stream, between an agent and the ledgers: asks each shard what it holds, passes batches on, and acknowledgements back. When a
/// ledger stops or leaves a batch unanswered for too long, the stream ends: the agent then comes again and resends.
/// </summary>
internal sealed class StreamActor : UntypedActor, IWithTimers
{
    /// <summary>What changes within this time is told in one message.</summary>
    private static readonly TimeSpan ChangesTogether = TimeSpan.FromMilliseconds(50);

    /// <summary>A question about externals that is not answered by then is asked again.</summary>
    private static readonly TimeSpan GrantsWithin = TimeSpan.FromSeconds(2);

    private readonly Source _source;
    private readonly TimeSpan _pollInterval;
    private readonly StreamSettings _settings;
    private readonly IActorRef _region;
    private readonly Outgoing _agent;
    private readonly InFlight _inFlight;
    private readonly Refusals _refusals;
    private readonly HashSet<int> _unopened;
    private readonly DirectoryDialogue _directory;
    private readonly GrantDialogue _grants;

    public StreamActor(
        Source source,
        TimeSpan pollInterval,
        StreamSettings settings,
        IActorRef region,
        Outgoing agent,
        InFlight inFlight,
        Refusals refusals,
        IDirectory directory,
        IActorRef grants)
    {
        (_source, _pollInterval, _settings, _region) = (source, pollInterval, settings, region);
        (_agent, _inFlight, _refusals) = (agent, inFlight, refusals);
        _directory = new DirectoryDialogue(directory, Self);
        _grants = new GrantDialogue(grants);
        _unopened = [.. Enumerable.Range(0, settings.ShardCount)];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Send(_directory.Begin());
        foreach (var shard in _unopened)
        {
            _region.Tell(new LedgerEnvelope(shard, new OpenSource(_source, _pollInterval)));
            Timers.StartSingleTimer(shard, new Unanswered(shard), _settings.AnswerWithin);
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AgentBatch batch: Pass(batch); break;
            case ShardHeld held: Answer(held); break;
            case Terminated ledger: End($"The ledger {ledger.ActorRef.Path.Name} stopped."); break;
            case NameQuestions questions: Ask(questions); break;
            case Subject changed: Note(changed); break;
            case DirectoryState state: Send(new FromAggregator { Directory = state.ToWire() }); break;
            case TellChanges: SendChanges(); break;
            case GrantsGiven given: Answer(given); break;
            case AskGrantsAgain: AskGrantsAgainLater(); break;
            case EndStream end: End(end.Reason, end.Kind); break;
            case Unanswered late: End($"Shard {late.Shard} has not answered; its journal may be away."); break;
            default: Unhandled(message); break;
        }
    }

    private void Pass(AgentBatch batch)
    {
        var take = new TakeBatch(_source, _pollInterval, batch.Id, batch.Watermark, batch.Reports);
        _region.Tell(new LedgerEnvelope(batch.Shard, take));
        Timers.StartSingleTimer(batch.Shard, new Unanswered(batch.Shard), _settings.AnswerWithin);
    }

    private void Answer(ShardHeld held)
    {
        if (_unopened.Remove(held.Shard))
        {
            Context.Watch(Sender);
        }

        Timers.Cancel(held.Shard);
        if (held.BatchId > 0)
        {
            _inFlight.End(held.Shard);
        }

        Send(new FromAggregator
        {
            Held = new Held { Shard = (uint)held.Shard, Sequence = held.Sequence, BatchId = held.BatchId },
        });
    }

    private void Ask(NameQuestions questions)
    {
        try
        {
            foreach (var part in _directory.Answer(questions))
            {
                Send(part);
            }

            AskGrants(questions.Externals);
        }
        catch (TooManySubjectsException tooMany)
        {
            Send(_refusals.Of(RefusalKind.RefusalInvalid, tooMany.Message));
            Context.Stop(Self);
        }
    }

    private void AskGrants(IReadOnlyList<ExternalPair> pairs)
    {
        var wasWaiting = _grants.IsWaiting;
        if (!_grants.Ask(pairs))
        {
            End("Too many questions about externals wait; the journal may be away.");
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

    private void End(string reason, RefusalKind kind = RefusalKind.RefusalUnavailable)
    {
        Send(_refusals.Of(kind, reason));
        Context.Stop(Self);
    }

    /// <summary>There is room for all that a stream which keeps the rules can cause; one that does not read is ended.</summary>
    private void Send(FromAggregator message)
    {
        if (!_agent.TryWrite(message))
        {
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

    private sealed record Unanswered(int Shard) : INoSerializationVerificationNeeded;
}
