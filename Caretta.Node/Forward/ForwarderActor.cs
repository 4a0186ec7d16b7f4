using Akka.Actor;
using Akka.Event;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;

namespace Caretta.Node.Forward;

/// <summary>
/// Hands over what the ledger has committed: one stream to some aggregator, resent until the journal has it. When the stream ends, it goes
/// to any of them, found anew; it pauses only when all have failed.
/// </summary>
public sealed partial class ForwarderActor : UntypedActor, IWithTimers
{
    /// <summary>Shards may be opened again within a stream, their answers come many to a message, and the host may be unloaded.</summary>
    private const uint Protocol = 3;

    private readonly ForwarderOptions _options;
    private readonly ForwarderMetrics _metrics;
    private readonly Func<Task<IReadOnlyList<MemberAddress>>> _find;
    private readonly Func<int, MemberAddress, IActorRef, IUplink> _open;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly MemberChooser _chooser;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<uint, long> _sentAt = [];
    private IActorRef _probe = ActorRefs.Nobody;
    private Outbox? _outbox;
    private IReadOnlyList<MemberAddress> _members = [];
    private MemberAddress? _member;
    private IUplink? _stream;
    private int _streams;
    private bool _looking;
    private bool _welcome;
    private bool _takesMany;
    private bool _warned;
    private bool _refused;
    private TimeSpan _heardAt;
    private TimeSpan _welcomedAt;

    public ForwarderActor(
        ForwarderOptions options,
        ForwarderMetrics metrics,
        Func<Task<IReadOnlyList<MemberAddress>>> find,
        Func<int, MemberAddress, IActorRef, IUplink> open,
        TimeProvider time,
        Random random)
    {
        (_options, _metrics, _find, _open, _time, _random) = (options, metrics, find, open, time, random);
        _backoff = new Backoff(options.FirstPause, options.LongestPause, random);
        _chooser = new MemberChooser(random);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="find">All aggregators there are just now; see <see cref="MemberLookup"/>.</param>
    /// <param name="open">Opens a stream of the given number to one of them, for the given actor; see <see cref="GrpcUplink.To"/>.</param>
    public static Props Props(
        ForwarderOptions options,
        ForwarderMetrics metrics,
        Func<Task<IReadOnlyList<MemberAddress>>> find,
        Func<int, MemberAddress, IActorRef, IUplink> open,
        TimeProvider? time = null,
        Random? random = null) =>
        Akka.Actor.Props.Create(() =>
            new ForwarderActor(options, metrics, find, open, time ?? TimeProvider.System, random ?? Random.Shared));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SourceStarted started: Start(started); break;
            case ReportsCommitted committed when committed.Source == _outbox?.Source: Add(committed); break;
            case ReportsCommitted: break; // of an incarnation that has ended
            case StreamReceived received when received.Stream == _streams && _stream is not null: Receive(received.Message); break;
            case StreamBroken broken when broken.Stream == _streams && _stream is not null: Failed(broken.Cause); break;
            case StreamReceived or StreamBroken: break; // of an earlier stream
            case MembersFound found when found.Stream == _streams && _looking: Open(found.Members); break;
            case MembersNotFound missing when missing.Stream == _streams && _looking: Failed(missing.Cause); break;
            case MembersFound or MembersNotFound: break; // for an earlier stream
            case AskDirectory ask when _welcome && ask.Stream == _streams: _stream!.Send(new FromNode { Questions = ask.Questions.ToWire(Now) }); break;
            case AskDirectory: break; // the stream it was meant for has ended, and who asks has been told
            case UnloadEnded ended: Ended(ended); break;
            case Connect: Find(); break;
            case AckIsLate: Failed($"it said nothing for {_options.AckTimeout.TotalSeconds} s"); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop() => _stream?.Dispose();

    private TimeSpan Now => _time.GetElapsedTime(0);

    private void Start(SourceStarted started)
    {
        _probe = Sender;
        _refused = false;
        _outbox = new Outbox(started.Source, started.Sequence, started.Reports, _options.MaxReportsPerBatch, started.Epochs);
        _metrics.UnackedLinks.Set(_outbox.Unacked);
        Close();
        Find();
    }

    private void Add(ReportsCommitted committed)
    {
        _outbox!.Add(committed.Sequence, committed.Reports);
        SendNext();
    }

    private void Find()
    {
        if (_outbox is null || _refused || _stream is not null || _looking)
        {
            return;
        }

        _looking = true;
        var stream = ++_streams;
        _find().PipeTo(Self, success: members => new MembersFound(stream, members), failure: cause => new MembersNotFound(stream, cause.Message));
    }

    private void Open(IReadOnlyList<MemberAddress> members)
    {
        (_looking, _members) = (false, members);
        _member = _chooser.Choose(members);
        _stream = _open(_streams, _member, Self);
        _stream.Send(new FromNode
        {
            Hello = new Hello
            {
                NodeName = _outbox!.Source.NodeName,
                Incarnation = ByteString.CopyFrom(_outbox.Source.Incarnation.ToByteArray(bigEndian: true)),
                PollIntervalMs = (uint)_options.PollInterval.TotalMilliseconds,
                Version = _options.Version,
                Epoch = _outbox.Epoch,
                Protocol = Protocol,
            },
        });
        ExpectAnswers(heard: true);
    }

    private void Receive(FromAggregator message)
    {
        _heardAt = Now;
        switch (message.MessageCase)
        {
            case FromAggregator.MessageOneofCase.Welcome: Welcomed(message.Welcome); break;
            case FromAggregator.MessageOneofCase.Held when _welcome: Held([message.Held]); break;
            case FromAggregator.MessageOneofCase.Answers when _welcome: Held(message.Answers.Held); break;
            case FromAggregator.MessageOneofCase.Directory when _welcome: _probe.Tell(new DirectoryTold(_streams, message.Directory.ToDomain())); break;
            case FromAggregator.MessageOneofCase.Names when _welcome: Learn(message.Names); break;
            case FromAggregator.MessageOneofCase.Waiting when _welcome: _metrics.SilentShards.Set(message.Waiting.Shards.Count); break;
            case FromAggregator.MessageOneofCase.Unload when _welcome: AskedToUnload(); break;
            case FromAggregator.MessageOneofCase.Refused: Refused(message.Refused); break;
            default: Failed($"it sent {message.MessageCase} out of turn"); break;
        }

        if (_stream is not null)
        {
            ExpectAnswers(heard: true);
        }
    }

    private void Welcomed(Welcome welcome)
    {
        if (welcome.ShardCount is 0 or > 65_536)
        {
            Failed($"it names {welcome.ShardCount} shards");
            return;
        }

        _log.Info("Reporting to {Aggregator} ({Member})", _member, welcome.Member);
        (_welcome, _warned, _welcomedAt) = (true, false, Now);
        _takesMany = welcome.Protocol > 0;
        _metrics.Connects.Inc();
        _metrics.Connected.Set(1);
        _outbox!.Connected((int)welcome.ShardCount);
    }

    private void Held(IReadOnlyList<Held> answers)
    {
        foreach (var held in answers)
        {
            if (!Held(held))
            {
                return;
            }
        }

        SendNext();
    }

    /// <returns>False: this incarnation is over.</returns>
    private bool Held(Held held)
    {
        var outcome = held.Retired ? HeldOutcome.HoldsMoreThanSent : _outbox!.Held(held.Shard, held.Sequence, held.BatchId, held.Opening, held.Epoch);
        switch (outcome)
        {
            case HeldOutcome.HoldsMoreThanSent: RefuseIncarnation(held); return false;
            case HeldOutcome.HoldsLess: _log.Warning("Shard {Shard} holds less than it acknowledged; sending it everything again", held.Shard); break;
            case HeldOutcome.Acknowledged: Acknowledged(held.Shard); break;
            case HeldOutcome.Reopened when _sentAt.Remove(held.Shard): _metrics.BatchesResent.Inc(); break;
            default: break;
        }

        return true;
    }

    private void Learn(Messages.Wire.Names names)
    {
        try
        {
            _probe.Tell(new NamesTold(names.ToDomain(Now)));
        }
        catch (InvalidDataException broken)
        {
            Failed(broken.Message);
        }
    }

    private void Acknowledged(uint shard)
    {
        _metrics.BatchesAcked.Inc();
        if (_sentAt.Remove(shard, out var sent))
        {
            _metrics.AckSeconds.Observe(_time.GetElapsedTime(sent).TotalSeconds);
        }
    }

    private void SendNext()
    {
        if (!_welcome)
        {
            _metrics.UnackedLinks.Set(_outbox!.Unacked);
            return;
        }

        var batches = _outbox!.Next();
        foreach (var message in BatchFrames.Of(batches, _takesMany ? _options.MaxReportsPerBatch : 0))
        {
            _stream!.Send(message);
        }

        foreach (var batch in batches)
        {
            _sentAt[(uint)batch.Shard] = _time.GetTimestamp();
            _metrics.BatchesSent.Inc();
            _metrics.ReportsSent.Inc(batch.Reports.Count);
        }

        ExpectAnswers(heard: false);
        _metrics.UnackedLinks.Set(_outbox.Unacked);
    }

    /// <summary>While an answer is owed, something must come within the time, or the aggregator has lost us.</summary>
    private void ExpectAnswers(bool heard)
    {
        if (_welcome && !_outbox!.IsWaiting)
        {
            Timers.Cancel(nameof(AckIsLate));
        }
        else if (heard || !Timers.IsTimerActive(nameof(AckIsLate)))
        {
            Timers.StartSingleTimer(nameof(AckIsLate), new AckIsLate(), _options.AckTimeout);
        }
    }

    private void RefuseIncarnation(Held held)
    {
        var reason = held.Retired
            ? "the aggregator has retired it"
            : $"shard {held.Shard} holds sequence {held.Sequence}, which this ledger never sent: it was rolled back or cloned";
        _log.Error("Incarnation {Incarnation} cannot go on: {Reason}", _outbox!.Source.Incarnation, reason);
        _refused = true;
        Close();
        _probe.Tell(new IncarnationRefused(_outbox.Source, reason));
    }

    private void Refused(Refused refused)
    {
        _metrics.Refusals.WithLabels(RefusalLabel.Of(refused.Kind)).Inc();
        if (refused.Kind == RefusalKind.RefusalUnavailable)
        {
            Unavailable(refused.Reason);
            return;
        }

        if (refused.Kind == RefusalKind.RefusalProveAgain)
        {
            _log.Info("Connecting anew to {Aggregator} or another: {Reason}", _member, refused.Reason);
            Retry(Settle() ? AnyMoment() : _backoff.Next());
            return;
        }

        _log.Error("The aggregator at {Aggregator} refused this node: {Reason}", _member, refused.Reason);
        _warned = true;
        _metrics.ConnectFailures.Inc();
        Retry(_options.PauseAfterRefusal);
    }

    /// <summary>One that ends a good stream stops, or wants its agents to spread anew: off to any of them, this one included.</summary>
    private void Unavailable(string reason)
    {
        if (Settle())
        {
            _log.Info("The aggregator at {Aggregator} ended the stream: {Reason}", _member, reason);
            Retry(AnyMoment());
        }
        else
        {
            Failed(reason);
        }
    }

    private void Failed(string cause)
    {
        Settle();
        if (_stream is not null)
        {
            _chooser.Failed(_member!);
        }

        _metrics.ConnectFailures.Inc();
        if (!_warned)
        {
            _warned = true;
            _log.Warning(
                "The aggregator at {Aggregator} is unreachable ({Cause}). Counting goes on; the totals wait in the ledger and are sent when one is back",
                _looking ? string.Join(',', _options.Aggregators) : $"{_member}",
                cause);
        }

        Retry(_stream is not null && _chooser.IsAnyLeft(_members) ? AnyMoment() : _backoff.Next());
    }

    /// <returns>Whether the stream that ends was a good one: then nothing that failed before it matters any more.</returns>
    private bool Settle()
    {
        if (!_welcome || Now - _welcomedAt < _options.SettledAfter)
        {
            return false;
        }

        _backoff.Succeeded();
        _chooser.Succeeded();
        return true;
    }

    private TimeSpan AnyMoment() => _options.SpreadOver * _random.NextDouble();

    private void Retry(TimeSpan pause)
    {
        Close();
        Timers.StartSingleTimer(nameof(Connect), new Connect(), pause);
    }

    private void Close()
    {
        _metrics.BatchesResent.Inc(_sentAt.Count);
        _metrics.Connected.Set(0);
        _sentAt.Clear();
        if (_welcome)
        {
            _welcome = false;
            _probe.Tell(new DirectoryLost(_heardAt));
        }

        _stream?.Dispose();
        (_stream, _looking) = (null, false);
        _metrics.SilentShards.Set(0);
        Timers.Cancel(nameof(AckIsLate));
    }

    private sealed record Connect : INoSerializationVerificationNeeded;

    private sealed record AckIsLate : INoSerializationVerificationNeeded;

    private sealed record MembersFound(int Stream, IReadOnlyList<MemberAddress> Members) : INoSerializationVerificationNeeded;

    private sealed record MembersNotFound(int Stream, string Cause) : INoSerializationVerificationNeeded;
}
