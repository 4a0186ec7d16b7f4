using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>Holds what the watches told, as a directory would, and refuses what a watch must not tell.</summary>
internal sealed class RecordingSink(TimeProvider time) : IWatchSink
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<Guid, ClusterObject> _objects = [];
    private readonly Dictionary<ObjectKind, HashSet<Guid>> _listing = [];
    private readonly Dictionary<ObjectKind, List<WatchState>> _states = [];
    private readonly List<(Func<bool> Met, TaskCompletionSource Done)> _waiting = [];

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>What each list began with; only of Pod, of which most specs are.</summary>
    public List<bool> ListsMayHaveMissed { get; } = [];

    public List<int> PageSizes { get; } = [];

    public int ListsEnded { get; private set; }

    /// <summary>Additions and changes told of by watches, in order.</summary>
    public List<ClusterObject> Changes { get; } = [];

    public List<Guid> Deletions { get; } = [];

    public IReadOnlyList<T> All<T>()
        where T : ClusterObject
    {
        lock (_lock)
        {
            return [.. _objects.Values.OfType<T>().OrderBy(one => one.Namespace).ThenBy(one => one.Name)];
        }
    }

    public IReadOnlyList<string> Names(ObjectKind kind)
    {
        lock (_lock)
        {
            return [.. _objects.Values.Where(one => one.Kind == kind).Select(one => one.Name).Order(StringComparer.Ordinal)];
        }
    }

    public IReadOnlyList<WatchState> States(ObjectKind kind)
    {
        lock (_lock)
        {
            return [.. _states.GetValueOrDefault(kind) ?? []];
        }
    }

    public Task Until(Func<RecordingSink, bool> met)
    {
        lock (_lock)
        {
            if (met(this))
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((() => met(this), done));
            return done.Task.WaitAsync(RequestLog.Patience);
        }
    }

    public Task UntilState(ObjectKind kind, WatchState state) => Until(_ => _states.GetValueOrDefault(kind)?[^1] == state);

    public Task UntilNamed(params IReadOnlyList<string> pods) => Until(sink => sink.Names(ObjectKind.Pod).SequenceEqual(pods.Order(StringComparer.Ordinal)));

    public void ListBegins(ObjectKind kind, bool mayHaveMissed) => Take(() =>
    {
        _listing[kind] = [];
        ListsMayHaveMissed.Add(mayHaveMissed);
    });

    public void Listed(ObjectKind kind, IReadOnlyList<ClusterObject> page) => Take(() =>
    {
        PageSizes.Add(page.Count);
        foreach (var listed in page)
        {
            Assert.Equal(kind, listed.Kind);
            Assert.True(_listing[kind].Add(listed.Uid), $"{listed} is listed twice.");
            _objects[listed.Uid] = listed;
        }
    });

    public void ListEnds(ObjectKind kind) => Take(() =>
    {
        ListsEnded++;
        Assert.True(_listing.Remove(kind, out var named), "A list ends that has not begun.");
        foreach (var gone in _objects.Values.Where(one => one.Kind == kind && !named.Contains(one.Uid)).ToList())
        {
            _objects.Remove(gone.Uid);
        }
    });

    public void Changed(ClusterObject changed) => Take(() =>
    {
        Assert.DoesNotContain(changed.Kind, _listing.Keys);
        Changes.Add(changed);
        _objects[changed.Uid] = changed;
    });

    public void Deleted(ObjectKind kind, Guid uid) => Take(() =>
    {
        Assert.DoesNotContain(kind, _listing.Keys);
        Deletions.Add(uid);
        _objects.Remove(uid);
    });

    public void StateChanged(ObjectKind kind, WatchState state) => Take(() =>
    {
        _states.TryAdd(kind, []);
        Assert.True(_states[kind].Count == 0 || _states[kind][^1] != state, $"{kind} is {state} already.");
        _states[kind].Add(state);
    });

    private void Take(Action take)
    {
        lock (_lock)
        {
            take();
            foreach (var (_, done) in _waiting.Where(one => one.Met()))
            {
                done.TrySetResult();
            }

            _waiting.RemoveAll(one => one.Done.Task.IsCompleted);
        }
    }
}
