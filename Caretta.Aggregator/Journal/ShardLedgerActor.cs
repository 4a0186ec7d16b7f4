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
/// starts it again, and what was not acknowledged comes again.
/// </summary>
internal sealed partial class ShardLedgerActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>For sources the journal knows and whose poll interval it does not: after a recovery they have this long to come back.</summary>
    private static readonly TimeSpan SilentAfterRecovery = TimeSpan.FromMinutes(1);

    private readonly int _shard;
    private readonly LedgerSettings _settings;
    private readonly RecoveredShards _recovered;
    private readonly AggregatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly long _started;
    private readonly ulong _life = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
    private readonly GroupCommit _group = new();
    private readonly SnapshotSchedule _snapshots;
    private readonly ExpiryWatch _expiry;
    private readonly ConnectedSources<IActorRef> _sources = new();
    private readonly Dictionary<ulong, NetworkLink> _live = [];
    private readonly HashSet<ulong> _expiring = [];
    private ShardState _state = new();
    private LinkRoom? _room;
    private int _restoring;
    private bool _committing;

    public ShardLedgerActor(int shard, LedgerSettings settings, RecoveredShards recovered, AggregatorMetrics metrics, TimeProvider time)
    {
        (_shard, _settings, _recovered, _metrics, _time) = (shard, settings, recovered, metrics, time);
        _started = time.GetTimestamp();
        (_expiry, _snapshots) = (new ExpiryWatch(settings.ExpireAfter), new SnapshotSchedule(settings.SnapshotEvery));
        _recovered.Begin(shard);
        PersistenceId = "shard-" + shard;
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    private LinkRoom Room => _room ??= new LinkRoom(_shard, _settings.ShardCount, _settings.MaxLinksPerShard, _state);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: ShardSnapshot snapshot } offer:
                _state = new ShardState(snapshot);
                _snapshots.Recovered(offer.Metadata.SequenceNr);
                break;
            case LinksAdvanced advanced: _state.Apply(advanced); _snapshots.Wrote(advanced.Advances.Count); break;
            case LinksExpired expired: _state.Apply(expired); _snapshots.Wrote(totals: 1); break;
            case RecoveryCompleted: StartLinks(); break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case OpenSource open: Connect(open.Source, open.PollInterval); Answer(Sender, open.Source, batchId: 0); break;
            case TakeBatch batch: Take(batch); break;
            case ReportDecided decided: Decided(decided); break;
            case LinkLost lost when _live.TryGetValue(lost.LinkId, out var link): Restore(link); break;
            case LinkIsIdle idle: Expire(idle.LinkId); break;
            case Terminated ended: Disconnect(ended.ActorRef); break;
            case SourceSilent silent: DropLevels(silent.Source); break;
            case LookForIdle: AskIdleLinks(); break;
            case WakeLedger: Sender.Tell(new LedgerAwake(_shard)); break;
            case LinkRestored or LinkLost: break;
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
        _log.Warning("Shard {Shard} could not be read from the journal; trying again. {Cause}", _shard, reason.Message);
    }

    private void Failed(Exception cause)
    {
        _metrics.PersistFailures.Inc();
        if (SecondWriter.IsRefused(cause))
        {
            _metrics.WritersRefused.Inc();
        }
    }

    /// <summary>Totals are exported before anybody speaks: until all links have theirs, messages wait.</summary>
    private void StartLinks()
    {
        foreach (var linkId in _state.Unexpired)
        {
            _restoring++;
            Start(_state.Link(linkId)!.Link);
        }

        foreach (var source in _state.Sources)
        {
            Timers.StartSingleTimer(source, new SourceSilent(source), SilentAfterRecovery);
        }

        if (_restoring == 0)
        {
            Ready();
        }
        else
        {
            Become(Restoring);
        }
    }

    private void Restoring(object message)
    {
        if (message is LinkLost or LeaveShard)
        {
            OnCommand(message);
        }
        else if (message is not LinkRestored)
        {
            Stash.Stash();
        }
        else if (--_restoring == 0)
        {
            Become(OnCommand);
            Stash.UnstashAll();
            Ready();
        }
    }

    private void Ready()
    {
        _recovered.Add(_shard);
        _metrics.RecoverySeconds.Observe(Now.TotalSeconds);
        Timers.StartPeriodicTimer(nameof(LookForIdle), new LookForIdle(), _settings.ExpireAfter / 24);
    }

    private void Start(NetworkLink link)
    {
        if (_live.TryAdd(link.Id, link))
        {
            _expiry.Reported(link.Id, Now);
            Restore(link);
        }
    }

    private void Restore(NetworkLink link)
    {
        var held = _state.Link(link.Id)?.Held;
        Tell(link.Id, new RestoreLink(link, held is null ? [] : [.. held]));
    }

    private static void Tell(ulong linkId, ILinkMessage message) => Context.Parent.Tell(new LinkEnvelope(linkId, message));

    private void Take(TakeBatch batch)
    {
        Connect(batch.Source, batch.PollInterval);
        _metrics.BatchesReceived.Inc();
        _metrics.Reports.Inc(batch.Reports.Count);
        var routed = batch.Reports.Select(report => Route(batch.Source, report)).OfType<Routed>().ToList();
        // What the agent built its watermark on was said by another life, which may have held more than this one.
        var watermark = batch.Life is 0 || batch.Life == _life ? batch.Watermark : 0;
        var token = _group.Begin(new BatchHeader(batch.Source, batch.Id, watermark, Sender, _time.GetTimestamp()), routed.Count);
        foreach (var (by, report) in routed)
        {
            var always = _state.IsExpired(report.Link.Id) || _expiring.Contains(report.Link.Id);
            Start(_state.Link(report.Link.Id)?.Link ?? report.Link);
            _expiry.Reported(report.Link.Id, Now);
            Tell(report.Link.Id, new DecideReport(token, by, report, always));
        }

        CommitNext();
    }

    private Routed? Route(Source source, Report report)
    {
        if (Room.Find(source, report.Link) is not { } place)
        {
            _metrics.ReportsUncounted.Inc();
            return null;
        }

        if (place.Link.Id == report.Link.Id)
        {
            return new Routed(place.By, report);
        }

        _metrics.OtherRedirects.Inc();
        return new Routed(place.By, report with { Link = place.Link });
    }

    private void Decided(ReportDecided decided)
    {
        if (decided.Collided)
        {
            _metrics.IdCollisions.Inc();
            _log.Error("Two links have the id {LinkId}; the second is not counted", decided.LinkId);
        }

        _group.Decided(decided.Token, decided.Advance);
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
                _state.Cover(commit.Watermarks);
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
        PersistAsync(commit.ToEvent(_time.GetUtcNow()), advanced =>
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
        foreach (var advance in advanced.Advances)
        {
            Tell(advance.Link.Id, new TotalsJournalled(advance.By, advance.Totals));
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

    private void Answer(IActorRef upstream, Source source, ulong batchId) =>
        upstream.Tell(new ShardHeld(_shard, source, _state.Watermark(source), batchId) { Life = _life });

    private void Connect(Source source, TimeSpan pollInterval)
    {
        if (!_sources.Connect(Sender, source, pollInterval))
        {
            return;
        }

        Context.Watch(Sender);
        Timers.Cancel(source);
        foreach (var earlier in _state.Sources.Where(other => other.NodeName == source.NodeName && other != source).ToList())
        {
            DropLevels(earlier); // the node began anew: what its earlier incarnation last saw is counted by the present one
        }
    }

    private void Disconnect(IActorRef stream)
    {
        if (_sources.Disconnect(stream) is { } silent)
        {
            Timers.StartSingleTimer(silent.Source, new SourceSilent(silent.Source), silent.PollInterval * 3);
        }
    }

    private void DropLevels(Source source)
    {
        foreach (var linkId in _live.Keys)
        {
            Tell(linkId, new DropLevels(source));
        }
    }

    private void AskIdleLinks()
    {
        var idle = _expiry.Look(Now, linkId => _sources.AreNodesConnected(_state.Link(linkId)?.Held.Keys.Select(by => by.Source) ?? []));
        foreach (var linkId in idle)
        {
            Tell(linkId, new AskWhetherIdle());
        }
    }

    private void Expire(ulong linkId)
    {
        if (!_expiry.IsIdle(linkId, Now) || _state.Link(linkId) is null || !_expiring.Add(linkId))
        {
            return;
        }

        PersistAsync(new LinksExpired(_time.GetUtcNow(), [linkId]), expired =>
        {
            _expiring.Remove(linkId);
            _state.Apply(expired);
            if (_expiry.IsIdle(linkId, Now)) // else it was reported meanwhile, and its totals are on their way into the journal
            {
                _expiry.Forget(linkId);
                _live.Remove(linkId);
                Tell(linkId, new ExpireLink());
            }

            SnapshotWhenDue(totals: 1);
        });
    }

    private void SnapshotWhenDue(int totals)
    {
        _snapshots.Wrote(totals);
        if (_snapshots.IsDue(_state.Totals))
        {
            SaveSnapshot(_state.Snapshot());
        }
    }

    private void Saved(SaveSnapshotSuccess saved)
    {
        _metrics.Snapshots.Inc();
        if (_snapshots.Saved(saved.Metadata.SequenceNr) is > 0 and var older)
        {
            DeleteMessages(older);
            DeleteSnapshots(new SnapshotSelectionCriteria(older - 1));
        }
    }

    private sealed record Routed(Contributor By, Report Report);

    private sealed record SourceSilent(Source Source) : INoSerializationVerificationNeeded;

    private sealed record LookForIdle : INoSerializationVerificationNeeded;
}
