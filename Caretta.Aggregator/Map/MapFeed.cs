using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map;

/// <summary>The latest map, for all who look at this member. Nobody has a queue: who is slow finds the newest when he comes.</summary>
internal sealed class MapFeed(MapMetrics metrics, MapSettings settings)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private MapModel _current = MapModel.Empty;
    private int _streams;

    public MapModel Current => Volatile.Read(ref _current);

    /// <summary>One was made before.</summary>
    public bool HasMap => Current.Number > 0;

    public int Streams => Volatile.Read(ref _streams);

    public void Publish(MapModel model)
    {
        TaskCompletionSource waited;
        lock (_lock)
        {
            _current = model;
            (waited, _next) = (_next, New());
        }

        waited.SetResult();
    }

    /// <summary>Completes when there is a later one.</summary>
    public Task After(long number)
    {
        lock (_lock)
        {
            return _current.Number > number ? Task.CompletedTask : _next.Task;
        }
    }

    /// <returns>False: there are as many as may be.</returns>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _streams) > settings.MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            metrics.StreamsRefused.Inc();
            return false;
        }

        metrics.Streams.Inc();
        return true;
    }

    public void Close()
    {
        Interlocked.Decrement(ref _streams);
        metrics.Streams.Dec();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
