namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Watches all kinds, each for itself: one that fails or is forbidden does not hold up the others.</summary>
internal sealed class ClusterWatch(
    ApiConnection api, IWatchSink sink, DirectoryMetrics metrics, TimeProvider time, ILogger<ClusterWatch> logger) : BackgroundService
{
    /// <exception cref="Exception">Of the sink, or a fault of ours: the process is to end rather than to go on with half a directory.</exception>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watches = WatchedKind.All.Select(kind => Watch(kind).RunAsync(stoppingToken));
        await foreach (var ended in Task.WhenEach(watches))
        {
            await ended;
        }
    }

    private KindWatch Watch(WatchedKind kind) =>
        new(kind, api, sink, new WatchReport(kind, sink, metrics, logger), time, Random.Shared);
}
