using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches;
using Caretta.FakeCluster;
using k8s;
using Prometheus;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>The watches of some kinds on a fake API server, with time that passes when told to.</summary>
internal sealed class WatchUnderTest : IAsyncDisposable
{
    /// <summary>Longer than any pause between two tries, and shorter than anything else that is waited for.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(75);

    private readonly CancellationTokenSource _stop = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IReadOnlyList<WatchedKind> _kinds;
    private readonly ApiConnection _api;
    private readonly DirectoryMetrics _metrics;
    private Task _run = Task.CompletedTask;

    private WatchUnderTest(FakeApiServer server, ManualTime time, IReadOnlyList<WatchedKind> kinds)
    {
        Server = server;
        Time = time;
        Sink = new RecordingSink(time);
        _kinds = kinds;
        _api = new ApiConnection(new KubernetesClientConfiguration { Host = server.Address.AbsoluteUri }, "1.2.3", time);
        _metrics = new DirectoryMetrics(Metrics.WithCustomRegistry(_registry));
    }

    public FakeApiServer Server { get; }

    public ManualTime Time { get; }

    public RecordingSink Sink { get; }

    public ListLogger Log { get; } = new();

    /// <param name="kinds">None: pods alone.</param>
    public static async Task<WatchUnderTest> OnAsync(IObjectSource source, params IReadOnlyList<ObjectKind> kinds)
    {
        var watched = kinds.Count == 0 ? [WatchedKind.All[0]] : WatchedKind.All.Where(kind => kinds.Contains(kind.Kind)).ToList();
        return new WatchUnderTest(await FakeApiServer.StartAsync(source), new ManualTime(), watched);
    }

    /// <summary>Started, listed, and the watch open.</summary>
    public static async Task<WatchUnderTest> WatchingAsync(IObjectSource source)
    {
        var test = (await OnAsync(source)).Start();
        await test.Server.WatchesOpen(ApiKind.Pods);
        return test;
    }

    public WatchUnderTest Start()
    {
        _run = Task.WhenAll(_kinds.Select(kind =>
            new KindWatch(kind, _api, Sink, new WatchReport(kind, Sink, _metrics, Log), Time, new Random(7)).RunAsync(_stop.Token)));
        return this;
    }

    /// <summary>Lets the pause after a failure pass, once there is one.</summary>
    public async Task PassPauseAsync()
    {
        await Time.TimerWithin(LongestPause);
        Time.PassToNextTimer();
    }

    /// <param name="metric">Without what all have in front: <c>lists_total</c>.</param>
    public async Task<double> Metric(string metric, ObjectKind kind = ObjectKind.Pod)
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        var series = $"caretta_aggregator_directory_{metric}{{kind=\"{kind}\"}} ";
        var line = System.Text.Encoding.UTF8.GetString(page.ToArray()).Split('\n').Single(one => one.StartsWith(series, StringComparison.Ordinal));
        return double.Parse(line[series.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
        }

        await Server.DisposeAsync();
        _api.Dispose();
        _stop.Dispose();
    }
}
