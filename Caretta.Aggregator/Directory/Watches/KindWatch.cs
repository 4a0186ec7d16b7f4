namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Keeps the sink informed of one kind: lists it once, then watches, and lists again only when the server has lost the thread.</summary>
internal sealed class KindWatch
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(60);

    private readonly WatchedKind _kind;
    private readonly ApiConnection _api;
    private readonly IWatchSink _sink;
    private readonly ObjectReader _objects;
    private readonly WatchReport _report;
    private readonly WatchBackoff _backoff;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private string? _version; // null: a list is due
    private bool _told;

    public KindWatch(WatchedKind kind, ApiConnection api, IWatchSink sink, WatchReport report, TimeProvider time, Random random)
    {
        _kind = kind;
        _api = api;
        _sink = sink;
        _objects = new ObjectReader(kind, api.Clock, sink, report);
        _report = report;
        _backoff = new WatchBackoff(random);
        _time = time;
        _random = random;
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _report.Begins();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await (_version is { } version ? WatchAsync(version, stopping) : ListAsync(stopping));
            }
            catch (WatchFailedException failed)
            {
                await PauseAsync(AfterFailure(failed), stopping);
            }
        }
    }

    private async Task ListAsync(CancellationToken stopping)
    {
        var list = new KindList(_kind, _api, _sink, _objects, _time);
        try
        {
            _version = await list.RunAsync(_told, stopping);
            _report.ListEnded(list.Count);
            _report.Current();
        }
        finally
        {
            _told |= list.Told;
        }
    }

    private async Task WatchAsync(string version, CancellationToken stopping)
    {
        var stream = new KindStream(_kind, _api, _sink, _objects, _report, _time, version);
        try
        {
            // Ten watches that began together do not end together.
            await stream.RunAsync(Shortest + TimeSpan.FromSeconds(_random.Next((int)Shortest.TotalSeconds + 1)), stopping);
        }
        finally
        {
            _version = stream.Version;
            if (stream.WasOfUse)
            {
                _backoff.Succeeded();
            }
        }
    }

    /// <returns>How long to wait.</returns>
    private TimeSpan AfterFailure(WatchFailedException failed)
    {
        switch (failed.Failure)
        {
            case WatchFailure.Expired:
                _version = null;
                _report.Expired(failed.Message);
                return _backoff.Next(failed.RetryAfter);

            case WatchFailure.Forbidden:
                // What happens meanwhile may be forgotten by the time we may look again, and nobody relies on what we know.
                _version = null;
                _report.Forbidden(failed.Message);
                return AskAgainAfter + (_random.NextDouble() * AskAgainAfter / 4);

            default:
                _report.Interrupted(failed.Message);
                return _backoff.Next(failed.RetryAfter);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = _time.CreateTimer(_ => over.TrySetResult(), null, pause, Timeout.InfiniteTimeSpan);
        await over.Task.WaitAsync(stopping);
    }
}
