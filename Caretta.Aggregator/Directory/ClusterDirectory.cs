using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>
/// The index, fed by the watches and asked by the agents' streams, behind one lock: what either does takes microseconds, and a watch that
/// must wait for it is slowed as it should be.
/// </summary>
internal sealed class ClusterDirectory(WorkloadIndex index, TimeProvider time) : IDirectory, IWatchSink
{
    private readonly Lock _gate = new();
    private readonly Subscriptions _subscriptions = new();
    private readonly WatchStates _watches = new();
    private readonly long _start = time.GetTimestamp();
    private DirectoryState _told = new(Enabled: true, Answers: false, Current: false);

    public TimeSpan Now => time.GetElapsedTime(_start);

    public DirectoryState State
    {
        get
        {
            lock (_gate)
            {
                return _told;
            }
        }
    }

    /// <summary>For /readyz and metrics.</summary>
    public DirectoryFigures Figures
    {
        get
        {
            lock (_gate)
            {
                return new DirectoryFigures(_told, _watches.Missing, _watches.Forbidden, _watches.Interrupted, index.Counts, _subscriptions.Count);
            }
        }
    }

    public DirectoryState Join(IDirectoryClient client)
    {
        lock (_gate)
        {
            _subscriptions.Join(client);
            return _told;
        }
    }

    public IReadOnlyList<SubjectAnswer> Ask(IDirectoryClient client, IReadOnlyList<SubjectQuestion> questions)
    {
        lock (_gate)
        {
            var answers = new SubjectAnswer[questions.Count];
            for (var i = 0; i < answers.Length; i++)
            {
                var (subject, from) = questions[i];
                _subscriptions.Add(client, subject);
                answers[i] = new SubjectAnswer(subject, index.TimelineOf(subject, from, Now));
            }

            return answers;
        }
    }

    public IReadOnlyList<SubjectAnswer> Tell(IDirectoryClient client, IReadOnlyCollection<Subject> changed)
    {
        lock (_gate)
        {
            return
            [
                .. changed.Where(subject => _subscriptions.Has(client, subject))
                    .Select(subject => new SubjectAnswer(subject, index.TimelineOf(subject, TimeSpan.MinValue, Now))),
            ];
        }
    }

    public void Forget(IDirectoryClient client, IReadOnlyList<Subject> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                _subscriptions.Remove(client, subject);
            }
        }
    }

    public void Leave(IDirectoryClient client)
    {
        lock (_gate)
        {
            _subscriptions.Leave(client);
        }
    }

    public void ListBegins(ObjectKind kind, bool mayHaveMissed)
    {
        lock (_gate)
        {
            index.BeginList(kind, mayHaveMissed, Now);
        }
    }

    public void Listed(ObjectKind kind, IReadOnlyList<ClusterObject> page)
    {
        lock (_gate)
        {
            foreach (var listed in page)
            {
                index.Put(listed, Now);
            }

            TellChanges();
        }
    }

    public void ListEnds(ObjectKind kind)
    {
        lock (_gate)
        {
            index.EndList(kind, Now);
            _watches.Listed(kind);
            TellChanges();
            TellState();
        }
    }

    public void Changed(ClusterObject changed)
    {
        lock (_gate)
        {
            index.Put(changed, Now);
            TellChanges();
        }
    }

    public void Deleted(ObjectKind kind, Guid uid)
    {
        lock (_gate)
        {
            index.Delete(kind, uid, Now);
            TellChanges();
        }
    }

    public void StateChanged(ObjectKind kind, WatchState state)
    {
        lock (_gate)
        {
            _watches.Set(kind, state);
            if (state == WatchState.Forbidden)
            {
                index.KindUnavailable(kind, Now);
            }
            else
            {
                index.KindAvailable(kind);
            }

            TellChanges();
            TellState();
        }
    }

    /// <summary>Once a second: what is remembered no longer, and what has been waited for long enough.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            index.Expire(Now);
            TellChanges();
        }
    }

    private void TellChanges()
    {
        foreach (var subject in index.DrainChanged())
        {
            foreach (var client in _subscriptions.Of(subject))
            {
                client.Changed(subject);
            }
        }
    }

    private void TellState()
    {
        if (_watches.State != _told)
        {
            _told = _watches.State;
            foreach (var client in _subscriptions.Clients)
            {
                client.StateChanged(_told);
            }
        }
    }
}
