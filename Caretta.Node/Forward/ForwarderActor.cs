using Akka.Actor;
using Akka.Event;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;

namespace Caretta.Node.Forward;

/// <summary>Hands over what the ledger has committed: one stream to an aggregator, resent until its journal has it.</summary>
public sealed class ForwarderActor : UntypedActor, IWithTimers
{
    private readonly ForwarderOptions _options;
    private readonly ForwarderMetrics _metrics;
    private readonly Func<int, IActorRef, IUplink> _open;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ulong, long> _sentAt = [];
    private IActorRef _probe = ActorRefs.Nobody;
    private Outbox? _outbox;
    private IUplink? _stream;
    private int _streams;
    private bool _welcome;
    private bool _warned;
    private bool _refused;
    private TimeSpan _heardAt;

    public ForwarderActor(
        ForwarderOptions options, ForwarderMetrics metrics, Func<int, IActorRef, IUplink> open, TimeProvider time, Random random)
    {
        (_options, _metrics, _open, _time) = (options, metrics, open, time);
        _backoff = new Backoff(options.FirstPause, options.LongestPause, random);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="open">Opens a stream of the given number for the given actor; see <see cref="GrpcUplink.To"/>.</param>
    public static Props Props(
        ForwarderOptions options, ForwarderMetrics metrics, Func<int, IActorRef, IUplink> open, TimeProvider? time = null, Random? random = null) =>
        Akka.Actor.Props.Create(() => new ForwarderActor(options, metrics, open, time ?? TimeProvider.System, random ?? Random.Shared));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SourceStarted started: Start(started); break;
            case ReportsCommitted committed when committed.Source == _outbox?.Source: Add(committed); break;
            case ReportsCommitted: break; // of an incarnation that has ended
            case StreamReceived received when received.Stream == _streams && _stream is not null: Receive(received.Message); break;
            case StreamBroken broken when broken.Stream == _streams && _stream is not null: Retry(broken.Cause, _backoff.Next()); break;
            case StreamReceived or StreamBroken: break; // of an earlier stream
            case AskDirectory ask when _welcome && ask.Stream == _streams: _stream!.Send(new FromNode { Questions = ask.Questions.ToWire(Now) }); break;
            case AskDirectory: break; // the stream it was meant for has ended, and who asks has been told
            case Connect: Open(); break;
            case AckIsLate: Retry($"no acknowledgement for {_options.AckTimeout.TotalSeconds} s", _backoff.Next()); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop() => _stream?.Dispose();

    private TimeSpan Now => _time.GetElapsedTime(0);

    private void Start(SourceStarted started)
    {
        _probe = Sender;
        _refused = false;
        _outbox = new Outbox(started.Source, started.Sequence, started.Reports, _options.MaxReportsPerBatch);
        Close();
        Open();
    }

    private void Add(ReportsCommitted committed)
    {
        _outbox!.Add(committed.Sequence, committed.Reports);
        SendNext();
    }

    private void Open()
    {
        if (_outbox is null || _refused || _stream is not null)
        {
            return;
        }

        _streams++;
        _stream = _open(_streams, Self);
        _stream.Send(new FromNode
        {
            Hello = new Hello
            {
                NodeName = _outbox.Source.NodeName,
                Incarnation = ByteString.CopyFrom(_outbox.Source.Incarnation.ToByteArray(bigEndian: true)),
                PollIntervalMs = (uint)_options.PollInterval.TotalMilliseconds,
                Version = _options.Version,
            },
        });
        Timers.StartSingleTimer(nameof(AckIsLate), new AckIsLate(), _options.AckTimeout);
    }

    private void Receive(FromAggregator message)
    {
        _heardAt = Now;
        switch (message.MessageCase)
        {
            case FromAggregator.MessageOneofCase.Welcome: Welcomed(message.Welcome); break;
            case FromAggregator.MessageOneofCase.Held when _welcome: Held(message.Held); break;
            case FromAggregator.MessageOneofCase.Directory when _welcome: _probe.Tell(new DirectoryTold(_streams, message.Directory.ToDomain())); break;
            case FromAggregator.MessageOneofCase.Names when _welcome: Learn(message.Names); break;
            case FromAggregator.MessageOneofCase.Refused: Refused(message.Refused); break;
            default: Retry($"the aggregator sent {message.MessageCase} out of turn", _backoff.Next()); break;
        }
    }

    private void Welcomed(Welcome welcome)
    {
        if (welcome.ShardCount is 0 or > 65_536)
        {
            Retry($"the aggregator names {welcome.ShardCount} shards", _backoff.Next());
            return;
        }

        _log.Info("Reporting to {Aggregator} ({Member})", _options.Aggregator, welcome.Member);
        (_welcome, _warned) = (true, false);
        _backoff.Succeeded();
        _metrics.Connects.Inc();
        _metrics.Connected.Set(1);
        _outbox!.Connected((int)welcome.ShardCount);
        ExpectAnswers();
    }

    private void Held(Held held)
    {
        var outcome = held.Retired ? HeldOutcome.HoldsMoreThanSent : _outbox!.Held((int)held.Shard, held.Sequence, held.BatchId);
        switch (outcome)
        {
            case HeldOutcome.HoldsMoreThanSent: RefuseIncarnation(held); return;
            case HeldOutcome.HoldsLess: _log.Warning("Shard {Shard} holds less than it acknowledged; sending it everything again", held.Shard); break;
            case HeldOutcome.Acknowledged: Acknowledged(held.BatchId); break;
            default: break;
        }

        SendNext();
        ExpectAnswers();
    }

    private void Learn(Messages.Wire.Names names)
    {
        try
        {
            _probe.Tell(new NamesTold(names.ToDomain(Now)));
        }
        catch (InvalidDataException broken)
        {
            Retry(broken.Message, _backoff.Next());
        }
    }

    private void Acknowledged(ulong batchId)
    {
        _metrics.BatchesAcked.Inc();
        if (_sentAt.Remove(batchId, out var sent))
        {
            _metrics.AckSeconds.Observe(_time.GetElapsedTime(sent).TotalSeconds);
        }
    }

    private void SendNext()
    {
        if (!_welcome)
        {
            return;
        }

        foreach (var batch in _outbox!.Next())
        {
            _stream!.Send(batch.ToWire());
            _sentAt[batch.Id] = _time.GetTimestamp();
            _metrics.BatchesSent.Inc();
            _metrics.ReportsSent.Inc(batch.Reports.Count);
            ExpectAnswers();
        }

        _metrics.UnackedLinks.Set(_outbox.Unacked);
    }

    /// <summary>Something must come within the time, or the aggregator has lost it.</summary>
    private void ExpectAnswers()
    {
        if (_outbox!.IsInFlight)
        {
            Timers.StartSingleTimer(nameof(AckIsLate), new AckIsLate(), _options.AckTimeout);
        }
        else
        {
            Timers.Cancel(nameof(AckIsLate));
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
            Retry(refused.Reason, _backoff.Next());
            return;
        }

        if (refused.Kind == RefusalKind.RefusalProveAgain)
        {
            _log.Info("Connecting anew: {Reason}", refused.Reason);
            Close();
            Timers.StartSingleTimer(nameof(Connect), new Connect(), _backoff.Next());
            return;
        }

        _log.Error("The aggregator refused this node: {Reason}", refused.Reason);
        _warned = true;
        Retry(refused.Reason, _options.PauseAfterRefusal);
    }

    private void Retry(string cause, TimeSpan pause)
    {
        Close();
        _metrics.ConnectFailures.Inc();
        if (!_warned)
        {
            _warned = true;
            _log.Warning(
                "The aggregator at {Aggregator} is unreachable ({Cause}). Counting goes on; the totals wait in the ledger and are sent when it is back",
                _options.Aggregator,
                cause);
        }

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
        _stream = null;
        Timers.Cancel(nameof(AckIsLate));
    }

    private sealed record Connect : INoSerializationVerificationNeeded;

    private sealed record AckIsLate : INoSerializationVerificationNeeded;
}
