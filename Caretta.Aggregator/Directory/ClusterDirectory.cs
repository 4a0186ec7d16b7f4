using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory;

/// <summary>
/// The index, fed by the watches and asked by the agents' streams, behind one lock: what either does takes microseconds, and a watch that
/// must wait for it is slowed as it should be.
/// </summary>
internal sealed class ClusterDirectory : IDirectory, IWatchSink
{
    private readonly Lock _gate = new();
    private readonly Subscriptions _subscriptions = new();
    private readonly WatchStates _watches = new();
    private readonly WorkloadIndex _index;
    private readonly ExternalNames _externals;
    private readonly TimeProvider _time;
    private readonly long _start;
    private DirectoryState _told = new(Enabled: true, Answers: false, Current: false);

    public ClusterDirectory(WorkloadIndex index, ExternalNames externals, TimeProvider time)
    {
        (_index, _externals, _time, _start) = (index, externals, time, time.GetTimestamp());
        _externals.Changed += address => TellOf(Subject.Of(address));
    }

    public TimeSpan Now => _time.GetElapsedTime(_start);

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
                return new DirectoryFigures(_told, _watches.Missing, _watches.Forbidden, _watches.Interrupted, _index.Counts, _subscriptions.Count);
            }
        }
    }

    /// <summary>Every node of the cluster. Null: they have not all been seen.</summary>
    public IReadOnlyList<string>? Nodes
    {
        get
        {
            lock (_gate)
            {
                return _watches.Missing.Contains(ObjectKind.Node) || _watches.Forbidden.Contains(ObjectKind.Node) ? null : _index.Nodes;
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
                answers[i] = AnswerTo(subject, from);
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
                    .Select(subject => AnswerTo(subject, TimeSpan.MinValue)),
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
            _index.BeginList(kind, mayHaveMissed, Now);
        }
    }

    public void Listed(ObjectKind kind, IReadOnlyList<ClusterObject> page)
    {
        lock (_gate)
        {
            foreach (var listed in page)
            {
                _index.Put(listed, Now);
            }

            TellChanges();
        }
    }

    public void ListEnds(ObjectKind kind)
    {
        lock (_gate)
        {
            _index.EndList(kind, Now);
            _watches.Listed(kind);
            TellChanges();
            TellState();
        }
    }

    public void Changed(ClusterObject changed)
    {
        lock (_gate)
        {
            _index.Put(changed, Now);
            TellChanges();
        }
    }

    public void Deleted(ObjectKind kind, Guid uid)
    {
        lock (_gate)
        {
            _index.Delete(kind, uid, Now);
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
                _index.KindUnavailable(kind, Now);
            }
            else
            {
                _index.KindAvailable(kind);
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
            _index.Expire(Now);
            TellChanges();
        }
    }

    private SubjectAnswer AnswerTo(Subject subject, TimeSpan from)
    {
        var timeline = _index.TimelineOf(subject, from, Now);
        return new SubjectAnswer(subject, subject.IsPod || timeline.Last.Knowledge != Knowledge.Nobody ? timeline : Named(timeline, subject.Address));
    }

    /// <summary>An address that nobody has now may have a better name than itself.</summary>
    private Timeline Named(Timeline timeline, Address address)
    {
        var name = _externals.NameOf(address).Workload;
        return new Timeline([.. timeline.Entries.Select(entry => entry.Knowledge == Knowledge.Nobody ? entry with { Workload = name } : entry)]);
    }

    private void TellOf(Subject subject)
    {
        lock (_gate)
        {
            Tell(subject);
        }
    }

    private void TellChanges()
    {
        foreach (var subject in _index.DrainChanged())
        {
            Tell(subject);
        }
    }

    private void Tell(Subject subject)
    {
        foreach (var client in _subscriptions.Of(subject))
        {
            client.Changed(subject);
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
