using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Persists for all links of one shard. A batch is unpacked here, decided by its links, journalled as a whole together with whatever else
/// came meanwhile, and acknowledged after that. If the journal fails the actor stops (that is Akka's rule); the next message or the waker
/// starts it again, after a pause if it cannot be read, and what was not acknowledged comes again.
/// </summary>
internal sealed partial class ShardLedgerActor : UntypedPersistentActor, IWithTimers
{
    private readonly int _shard;
    private readonly LedgerSettings _settings;
    private readonly RecoveredShards _recovered;
    private readonly RecoveryPauses _pauses;
    private readonly LinkGauges _gauges;
    private readonly AggregatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly long _started;
    private readonly GroupCommit _group = new();
    private readonly ReportedLinks _reported = new();
    private readonly ConnectedSources<IActorRef> _sources = new();
    private ShardState _state = new();
    private HistoryWriter _writer = new(History.Nothing);
    private Admission? _admission;
    private bool _committing;

    public ShardLedgerActor(
        int shard,
        LedgerSettings settings,
        RecoveredShards recovered,
        RecoveryPauses pauses,
        LinkGauges gauges,
        AggregatorMetrics metrics,
        TimeProvider time)
    {
        (_shard, _settings, _recovered, _pauses, _gauges, _metrics, _time) = (shard, settings, recovered, pauses, gauges, metrics, time);
        _started = time.GetTimestamp();
        (_expiry, _snapshots) = (new ExpiryWatch(settings.ExpireAfter), new SnapshotSchedule(settings.SnapshotEvery));
        _retirement = new Retirement(settings.RetireAfter);
        _links = new LiveLinks(Context.Parent, Self, linkId => _state.Link(linkId));
        _recovered.Begin(shard);
        PersistenceId = "shard-" + shard;
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    private Admission Admission => _admission ??= new Admission(_shard, _settings, _state, _metrics);

    protected override void PostStop()
    {
        CountSources(0, 0);
        if (!_leaving)
        {
            _recovered.End(_shard);
        }

        base.PostStop();
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: ShardSnapshot snapshot } offer:
                _state = new ShardState(snapshot);
                _snapshots.Recovered(offer.Metadata.SequenceNr);
                break;
            case RecoveryCompleted: Recovered(); break;
            case not null when _state.Replay(message) is var (totals, isOurs): Read(isOurs, totals); break;
            default: Unhandled(message); break;
        }
    }

    private void Recovered()
    {
        _pauses.Forget(_shard);
        _writer = new HistoryWriter(_state.History);
        ShowLinks();
    }

    private void Read(bool isOurs, int totals)
    {
        _metrics.EventsForeign.Inc(isOurs ? 0 : 1);
        _snapshots.Wrote(totals);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case OpenSource open: Connect(open.Source, open.PollInterval); Answer(Sender, open.Source, batchId: 0); break;
            case TakeBatch batch: Take(batch); break;
            case ReportDecided decided: Decided(decided); break;
            case LinkRestored restored: Restored(restored); break;
            case LinkLost lost: Lost(lost.LinkId); break;
            case LinkIsIdle idle: Expire(idle.LinkId); break;
            case Terminated when _leaving: break; // the links stop with us
            case PageOpened: Opened(); break;
            case Terminated ended when ended.ActorRef.Equals(_page): OpenPage(); break;
            case OpenPageAgain: OpenPage(); break;
            case Terminated ended when _links.Ended(ended.ActorRef): RestoreAgainLater(); break;
            case Terminated ended: Disconnect(ended.ActorRef); break;
            case RestoreAgain: _links.RestoreAgain(); RestoreAgainLater(); break;
            case SourceSilent silent: DropLevels(silent.Source); break;
            case LookForAbsent: DropLevelsOfAbsent(); break;
            case LookForIdle: AskIdleLinks(); break;
            case LookForSilent: RetireSilentSources(); break;
            case WakeLedger: Sender.Tell(new LedgerAwake(_shard)); break;
            case LeaveShard: Leave(); break;
            case SaveSnapshotSuccess saved: Saved(saved); break;
            case SaveSnapshotFailure failed: _log.Warning(failed.Cause, "Snapshot of shard {Shard} failed", _shard); break;
            case DeleteMessagesSuccess: _metrics.EventDeletions.Inc(); break;
            case DeleteSnapshotsSuccess: break;
            case DeleteMessagesFailure or DeleteSnapshotsFailure: _log.Warning("Shard {Shard}: old rows were not deleted", _shard); break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Failed(cause);
        _log.Warning("The journal failed shard {Shard}; nothing is lost, agents resend. {Cause}", _shard, cause.Message);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Failed(cause);
        _log.Error(cause, "The journal refused an event of shard {Shard}", _shard);
        Context.Stop(Self); // as after a failure: the batches in it are not acknowledged, so they must come again
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        Failed(reason);
        if (_pauses.Failed(_shard)) // the metric counts the others too
        {
            _log.Warning("Shard {Shard} could not be read from the journal; trying again until it can be. {Cause}", _shard, reason.Message);
        }
    }

    private void Failed(Exception cause)
    {
        _metrics.PersistFailures.Inc();
        if (SecondWriter.IsRefused(cause))
        {
            _metrics.WritersRefused.Inc();
        }
    }

    private void Take(TakeBatch batch)
    {
        Connect(batch.Source, batch.PollInterval);
        if (_state.IsRetired(batch.Source))
        {
            Answer(Sender, batch.Source, batch.Id);
            return;
        }

        if (Admission.Route(batch, linkId => _state.IsExpired(linkId) || _expiring.Contains(linkId)) is not { } routed)
        {
            // Not held, and yet answered as if: it comes again with the next stream, or when there is room, not at once and for ever.
            Sender.Tell(new ShardHeld(_shard, batch.Source, batch.Watermark, batch.Id) { History = History.OfNobody, Epoch = batch.Epoch });
            return;
        }

        var header = new BatchHeader(batch.Source, batch.Id, batch.Watermark, batch.History, Sender, _time.GetTimestamp())
        {
            Epoch = batch.Epoch,
        };
        foreach (var ask in _group.Begin(header, routed))
        {
            var link = ask.Report.Link;
            Start(_state.Link(link.Id)?.Link ?? link);
            _expiry.Reported(link.Id, Now);
            _reported.Add(batch.Source, link.Id);
            _links.Tell(link.Id, ask);
        }

        CommitNext();
    }

    private void Decided(ReportDecided decided)
    {
        if (decided.Collided)
        {
            _metrics.IdCollisions.Inc();
            _log.Error("Two links have the id {LinkId}; the second is not counted", decided.LinkId);
        }

        _group.Decided(decided.Token, decided.Item, decided.Advance);
        CommitNext();
    }

    private void CommitNext()
    {
        if (_leaving)
        {
            Leave();
            return;
        }

        while (!_committing && _group.Next() is { IsEmpty: false } commit)
        {
            if (commit.NeedsNoEvent)
            {
                CountDuplicates(commit);
                _state.Cover(commit);
                Acknowledge(commit);
            }
            else
            {
                Write(commit);
            }
        }
    }

    private void Write(Commit commit)
    {
        _committing = true;
        var began = _time.GetTimestamp();
#if MUTANT_ACK_BEFORE_JOURNAL
        Acknowledge(commit);
#endif
        PersistAsync(commit.ToEvent(_time.GetUtcNow(), Listened, _writer.Next(), _state), advanced =>
        {
            _committing = false;
            _metrics.Commits.Inc();
            _metrics.CommitSeconds.Observe(_time.GetElapsedTime(began).TotalSeconds);
            Apply(advanced);
#if !MUTANT_ACK_BEFORE_JOURNAL
            Acknowledge(commit); // only now: a crash before this point costs a resend, never a byte
#endif
            SnapshotWhenDue(advanced.Advances.Count);
            CommitNext();
        });
    }

    private void Apply(LinksAdvanced advanced)
    {
        _state.Apply(advanced);
        CountSources(_state.Sources.Count, _state.Retired.Count);
        var at = advanced.At.ToUnixTimeMilliseconds();
        foreach (var advance in advanced.Advances.Where(advance => !_state.IsRetired(advance.By.Source)))
        {
            Start(advance.Link);
            _links.Tell(advance.Link.Id, new TotalsJournalled(advance.By, advance.Totals, at));
        }
    }

    private void Acknowledge(Commit commit)
    {
        foreach (var (header, _) in commit.Batches)
        {
            _metrics.BatchesAcked.Inc();
            _metrics.GaugeDelaySeconds.Observe(_time.GetElapsedTime(header.TakenAt).TotalSeconds);
            Answer((IActorRef)header.Upstream, header.Source, header.Id);
        }
    }

    private void CountDuplicates(Commit commit) =>
        _metrics.BatchesDuplicate.Inc(commit.Batches.Count(batch => batch.Header.Watermark <= _state.Watermark(batch.Header.Source)));

    private void Answer(IActorRef upstream, Source source, ulong batchId)
    {
        var retired = _state.IsRetired(source);
        _metrics.RetiredReturned.Inc(retired ? 1 : 0);
        upstream.Tell(new ShardHeld(_shard, source, _state.Watermark(source), batchId, retired)
        {
            History = _state.HistoryOf(source),
            Epoch = _state.EpochOf(source),
        });
    }

    private sealed record SourceSilent(Source Source) : INoSerializationVerificationNeeded;

    private sealed record LookForAbsent : INoSerializationVerificationNeeded;

    private sealed record LookForIdle : INoSerializationVerificationNeeded;

    private sealed record LookForSilent : INoSerializationVerificationNeeded;

    private sealed record OpenPageAgain : INoSerializationVerificationNeeded;

    private sealed record RestoreAgain : INoSerializationVerificationNeeded;
}
