using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches;
using Caretta.FakeCluster;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class ClusterWatchSpecs
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task All_kinds_are_watched_until_it_is_stopped()
    {
        await using var server = await FakeApiServer.StartAsync(new SimulatedCluster());
        using var api = Api(server);
        var sink = new RecordingSink(_time);
        using var watch = Watch(api, sink);
        await watch.StartAsync(default);
        await Task.WhenAll(ApiKind.All.Select(kind => server.WatchesOpen(kind)));
        await watch.StopAsync(default);

        Assert.Equal(Enum.GetValues<ObjectKind>().Length, sink.ListsEnded);
        Assert.All(Enum.GetValues<ObjectKind>(), kind => Assert.Equal([WatchState.Listing, WatchState.Current], sink.States(kind)));
        Assert.True(watch.ExecuteTask!.IsCanceled);
    }

    [Fact]
    public async Task A_sink_that_fails_ends_it_rather_than_leaving_one_kind_behind()
    {
        await using var server = await FakeApiServer.StartAsync(new SimulatedCluster());
        using var api = Api(server);
        using var watch = Watch(api, new FailingSink());
        await watch.StartAsync(default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => watch.ExecuteTask!.WaitAsync(RequestLog.Patience));
        await watch.StopAsync(default);
    }

    [Fact]
    public async Task Every_kind_has_all_its_series_from_the_start()
    {
        var registry = Metrics.NewCustomRegistry();
        _ = new DirectoryMetrics(Metrics.WithCustomRegistry(registry));
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page);

        var text = System.Text.Encoding.UTF8.GetString(page.ToArray());
        var series = text.Split('\n').Where(line => line.StartsWith("caretta_aggregator_directory_", StringComparison.Ordinal))
            .Count(line => line.EndsWith(" 0", StringComparison.Ordinal));
        Assert.Equal(6 * Enum.GetValues<ObjectKind>().Length, series);
    }

    private ApiConnection Api(FakeApiServer server) => new(new KubernetesClientConfiguration { Host = server.Address.AbsoluteUri }, "1.2.3", _time);

    private ClusterWatch Watch(ApiConnection api, IWatchSink sink) => new(
        api, sink, new DirectoryMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), _time, NullLogger<ClusterWatch>.Instance);

    private sealed class FailingSink : IWatchSink
    {
        public TimeSpan Now => TimeSpan.Zero;

        public void ListBegins(ObjectKind kind, bool mayHaveMissed)
        {
        }

        public void Listed(ObjectKind kind, IReadOnlyList<ClusterObject> page)
        {
        }

        public void ListEnds(ObjectKind kind)
        {
            if (kind == ObjectKind.Job)
            {
                throw new InvalidOperationException("A fault of ours.");
            }
        }

        public void Changed(ClusterObject changed)
        {
        }

        public void Deleted(ObjectKind kind, Guid uid)
        {
        }

        public void StateChanged(ObjectKind kind, WatchState state)
        {
        }
    }
}
