using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Persistence;
using Caretta.Aggregator.Journal;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// Gives the grants, one for the whole cluster. What questions change goes into the journal together, and they are answered after that;
/// what comes meanwhile waits. If the journal fails the actor stops (that is Akka's rule) and is started again a little later; nobody is
/// answered until then, and who needs an answer asks again.
/// </summary>
internal sealed class ExternalGrantsActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly GrantSettings _settings;
    private readonly ExternalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly GrantQuestions _questions = new();
    private readonly List<(GrantQuestion Question, IReadOnlyList<bool> Granted)> _decided = [];
    private readonly Retention _retention = new();
    private ExternalGrants _grants = new();
    private GrantDraft? _draft;
    private long _recoveredAt;
    private bool _committing;
    private bool _sweepIsDue;
    private bool _stopping;
    private int _eventsSinceSnapshot;

    public ExternalGrantsActor(GrantSettings settings, ExternalMetrics metrics, TimeProvider time) =>
        (_settings, _metrics, _time) = (settings, metrics, time);

    public override string PersistenceId => "external-grants";

    public ITimerScheduler Timers { get; set; } = null!;

    private GrantDraft Draft => _draft ??= new GrantDraft(_grants, _settings);

    private uint Now => ExternalGrants.Seconds(_time.GetUtcNow());

    /// <summary>Nobody could ask while the grants were away, so who did not ask has that long to come back.</summary>
    private bool MayExpire => _time.GetElapsedTime(_recoveredAt) >= _settings.RenewAfter;

    public static Props Props(GrantSettings settings, ExternalMetrics metrics, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ExternalGrantsActor(settings, metrics, time));

    /// <summary>With what starts it again. <see cref="StopGrants"/> ends both.</summary>
    public static Props Supervised(GrantSettings settings, ExternalMetrics metrics, TimeProvider time) => BackoffSupervisor.Props(
        Backoff.OnStop(Props(settings, metrics, time), "grants", ShortestBackoff, LongestBackoff, randomFactor: 0.2, maxNrOfRetries: -1)
            .WithFinalStopMessage(message => message is StopGrants));

    protected override void PostStop()
    {
        _metrics.Grants.Set(0);
        _metrics.PairsWaiting.Set(0);
        base.PostStop();
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: GrantsSnapshot snapshot } offer:
                _grants = new ExternalGrants(snapshot);
                _retention.Recovered(offer.Metadata.SequenceNr);
                break;
            case GrantsAdvanced advanced: _grants.Apply(advanced); _eventsSinceSnapshot++; break;
            case RecoveryCompleted: Ready(); break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case AskGrants ask: Take(ask); break;
            case Sweep: _sweepIsDue = true; DecideNext(); break;
            case StopGrants: _stopping = true; DecideNext(); break;
            case SaveSnapshotSuccess saved: Saved(saved); break;
            case SaveSnapshotFailure failed: _log.Warning(failed.Cause, "Snapshot of the externals' grants failed"); break;
            case DeleteMessagesSuccess or DeleteSnapshotsSuccess: break;
            case DeleteMessagesFailure or DeleteSnapshotsFailure: _log.Warning("Old rows of the externals' grants were not deleted"); break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _metrics.PersistFailures.Inc();
        _log.Warning("The journal failed the externals' grants; questions are asked again. {Cause}", cause.Message);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _metrics.PersistFailures.Inc();
        _log.Error(cause, "The journal refused an event of the externals' grants");
        Context.Stop(Self); // as after a failure: what it decided is not so
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _metrics.PersistFailures.Inc();
        _log.Warning("The externals' grants could not be read from the journal; trying again. {Cause}", reason.Message);
    }

    private void Ready()
    {
        _recoveredAt = _time.GetTimestamp();
        _metrics.Grants.Set(_grants.Count);
        Timers.StartPeriodicTimer(nameof(Sweep), new Sweep(), _settings.ExpireAfter / 24);
    }

    private void Take(AskGrants ask)
    {
        _metrics.Questions.Inc();
        if (_questions.TryAdd(new GrantQuestion(ask, Sender)))
        {
            DecideNext();
        }
        else
        {
            _metrics.QuestionsDropped.Inc();
        }

        _metrics.PairsWaiting.Set(_questions.Pairs);
    }

    /// <summary>While an event is on its way nothing is decided: each decision stands on all before it.</summary>
    private void DecideNext()
    {
        if (_committing)
        {
            return;
        }

        if (_stopping)
        {
            Context.Stop(Self);
            return;
        }

        while (!Draft.IsFull && _questions.Take() is { } question)
        {
            _decided.Add((question, [.. question.Ask.Pairs.Select(Decide)]));
        }

        if (SweepWhenDue() || Draft.MustBeWritten || Draft.IsFull)
        {
            Write();
        }
        else
        {
            Answer();
        }

        _metrics.PairsWaiting.Set(_questions.Pairs);
    }

    private bool Decide(GrantPair pair)
    {
        var verdict = Draft.Decide(pair, Now, MayExpire);
        if (verdict != GrantVerdict.Granted)
        {
            (verdict == GrantVerdict.WorkloadFull ? _metrics.RefusedByWorkload : _metrics.RefusedByCluster).Inc();
        }

        return verdict == GrantVerdict.Granted;
    }

    /// <summary>After the questions that wait: whoever is asked for in one of them stays.</summary>
    /// <returns>Whether what has gathered goes into the journal, be it urgent or not.</returns>
    private bool SweepWhenDue()
    {
        if (!_sweepIsDue)
        {
            return false;
        }

        if (MayExpire)
        {
            Draft.ExpireIdle(Now);
        }

        _sweepIsDue = Draft.IsFull; // then there may be more
        return Draft.Size > 0;
    }

    private void Write()
    {
        _committing = true;
        var expired = Draft.Expired;
        PersistAsync(Draft.ToEvent(_time.GetUtcNow()), advanced =>
        {
            (_committing, _draft) = (false, null);
            _grants.Apply(advanced);
            _metrics.Commits.Inc();
            _metrics.Expired.Inc(expired);
            _metrics.Grants.Set(_grants.Count);
            Answer(); // only now: what is granted stays so
            SnapshotWhenDue();
            DecideNext();
        });
    }

    private void Answer()
    {
        foreach (var (question, granted) in _decided)
        {
            ((IActorRef)question.Asker).Tell(new GrantsGiven(question.Ask.Id, granted));
        }

        _decided.Clear();
    }

    private void SnapshotWhenDue()
    {
        if (++_eventsSinceSnapshot >= _settings.SnapshotEvery)
        {
            _eventsSinceSnapshot = 0;
            SaveSnapshot(_grants.Snapshot());
        }
    }

    private void Saved(SaveSnapshotSuccess saved)
    {
        if (_retention.Saved(saved.Metadata.SequenceNr) is > 0 and var older)
        {
            DeleteMessages(older);
            DeleteSnapshots(new SnapshotSelectionCriteria(older - 1));
        }
    }

    private sealed record Sweep : INoSerializationVerificationNeeded;
}
