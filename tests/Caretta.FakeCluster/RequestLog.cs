namespace Caretta.FakeCluster;

/// <summary>What was asked of the server, in its order.</summary>
public sealed class RequestLog
{
    /// <summary>How long a spec waits for what must come: long enough for a busy machine and twenty thousand pods, and no spec waits it out.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<ApiRequest> _requests = [];
    private readonly List<(Func<bool> Met, TaskCompletionSource Done)> _waiting = [];

    public IReadOnlyList<ApiRequest> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<ApiRequest> Lists(ApiKind kind) => [.. All.Where(one => one.Kind == kind && !one.Watch)];

    public IReadOnlyList<ApiRequest> Watches(ApiKind kind) => [.. All.Where(one => one.Kind == kind && one.Watch)];

    public Task ListsReach(ApiKind kind, int count) => Until(() => _requests.Count(one => one.Kind == kind && !one.Watch) >= count);

    public Task WatchesReach(ApiKind kind, int count) => Until(() => _requests.Count(one => one.Kind == kind && one.Watch) >= count);

    internal void Add(ApiRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }

        Notice();
    }

    /// <summary>Something that is waited for may have come about.</summary>
    internal void Notice()
    {
        lock (_lock)
        {
            foreach (var (_, done) in _waiting.Where(one => one.Met()))
            {
                done.TrySetResult();
            }

            _waiting.RemoveAll(one => one.Done.Task.IsCompleted);
        }
    }

    internal Task Until(Func<bool> met)
    {
        lock (_lock)
        {
            if (met())
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((met, done));
            return done.Task.WaitAsync(Patience);
        }
    }
}
