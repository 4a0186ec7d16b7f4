using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>A list, then watches that follow on each other.</summary>
public class KindWatchSpecs
{
    private readonly SimulatedCluster _cluster = new();

    [Fact]
    public async Task Pods_are_listed_once_and_then_watched_from_the_version_of_the_list()
    {
        _cluster.Put(Pod("a"), Pod("b"));
        var version = _cluster.Version;
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        Assert.Equal(["a", "b"], test.Sink.Names(ObjectKind.Pod));
        Assert.Equal([false], test.Sink.ListsMayHaveMissed);
        Assert.Equal([WatchState.Listing, WatchState.Current], test.Sink.States(ObjectKind.Pod));
        var watch = Assert.Single(test.Server.Requests.Watches(ApiKind.Pods));
        Assert.Equal($"{version}", watch.ResourceVersion);
        Assert.Equal("true", watch.Query["allowWatchBookmarks"]);
        Assert.InRange(int.Parse(watch.Query["timeoutSeconds"], System.Globalization.CultureInfo.InvariantCulture), 300, 600);
        Assert.Contains("gzip", test.Server.Requests.Lists(ApiKind.Pods)[0].Headers["Accept-Encoding"], StringComparison.Ordinal);
        Assert.Equal("caretta-aggregator/1.2.3", watch.Headers["User-Agent"]);
        Assert.Equal((1, 1, 0), (await test.Metric("lists_total"), await test.Metric("watch_current"), await test.Metric("watch_forbidden")));
    }

    [Fact]
    public async Task Changes_arrive_in_their_order()
    {
        _cluster.Put(Pod("a"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        _cluster.Put(Pod("b"));
        _cluster.Put(Pod("a").WithIps("10.0.0.9"));
        _cluster.Delete(Pod("a"));
        await test.Sink.UntilNamed("b");

        Assert.Equal(["b", "a"], test.Sink.Changes.Select(one => one.Name));
        Assert.Equal(Caretta.Messages.Address.Parse("10.0.0.9"), Assert.Single(((ClusterPod)test.Sink.Changes[1]).Addresses));
        Assert.Equal([Guid.Parse(Pod("a").Uid)], test.Sink.Deletions);
        Assert.Equal(3, await test.Metric("watch_events_total"));
    }

    [Fact]
    public async Task A_pod_recreated_under_its_name_is_another_one()
    {
        _cluster.Put(Pod("db-0"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        var again = Guid.NewGuid();
        _cluster.Put(Pod("db-0").WithUid(again));
        await test.Sink.Until(sink => sink.Changes.Count == 1);

        Assert.Equal(again, Assert.Single(test.Sink.All<ClusterPod>()).Uid);
        Assert.Equal([Guid.Parse(Pod("db-0").Uid)], test.Sink.Deletions);
    }

    [Fact]
    public async Task A_list_comes_in_pages_of_one_version()
    {
        _cluster.Put(Enumerable.Range(0, 1234).Select(i => Pod($"p{i:D4}")));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        using var gate = test.Server.Faults.HoldLists(ApiKind.Pods);
        test.Start();
        await gate.Arrival();
        gate.LetOne();
        await gate.Arrival();
        _cluster.Delete(Pod("p0000"));
        _cluster.Delete(Pod("p1233"));
        _cluster.Put(Pod("p0400x"));
        gate.Dispose();
        await test.Sink.Until(sink => sink.Deletions.Count == 2 && sink.Changes.Count == 1);

        Assert.Equal([500, 500, 234], test.Sink.PageSizes);
        Assert.Equal(["500", "500", "500"], test.Server.Requests.Lists(ApiKind.Pods).Select(one => one.Query["limit"]));
        Assert.Equal(1, test.Sink.ListsEnded);
        Assert.Equal(1233, test.Sink.Names(ObjectKind.Pod).Count);
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_is_followed_by_another_from_the_last_version_and_by_no_list()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        var last = _cluster.Put(Pod("a"));
        await test.Sink.UntilNamed("a");

        test.Server.EndWatches(ApiKind.Pods);
        await test.Server.Requests.WatchesReach(ApiKind.Pods, 2);
        _cluster.Put(Pod("b"));
        await test.Sink.UntilNamed("a", "b");

        Assert.Equal($"{last}", test.Server.Requests.Watches(ApiKind.Pods)[1].ResourceVersion);
        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
        Assert.Equal([WatchState.Listing, WatchState.Current], test.Sink.States(ObjectKind.Pod));
        Assert.Equal(0, await test.Metric("watch_interruptions_total"));
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_along_when_others_change()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        var later = _cluster.Put(Manifest.Job("shop", "unwatched"));

        test.Server.SendBookmark(ApiKind.Pods);
        test.Server.EndWatches(ApiKind.Pods);
        await test.Server.Requests.WatchesReach(ApiKind.Pods, 2);

        Assert.Equal($"{later}", test.Server.Requests.Watches(ApiKind.Pods)[1].ResourceVersion);
        Assert.Equal(0, await test.Metric("watch_events_total"));
    }

    [Fact]
    public async Task Twenty_thousand_pods_and_a_burst_of_changes_arrive_completely()
    {
        const int Pods = 20_000;
        _cluster.Put(Enumerable.Range(0, Pods).Select(i => Pod($"p{i:D5}")));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        Assert.Equal(Pods, test.Sink.Names(ObjectKind.Pod).Count);

        for (var i = 0; i < 2000; i++)
        {
            _cluster.Delete(Pod($"p{i:D5}"));
            _cluster.Put(Pod($"q{i:D5}"));
        }

        await test.Sink.Until(sink => sink.Deletions.Count == 2000 && sink.Changes.Count == 2000);
        var names = test.Sink.Names(ObjectKind.Pod);
        Assert.Equal((Pods, "p02000", "q01999"), (names.Count, names[0], names[^1]));
        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods), one => one.Continue is null);
    }

    private static Manifest Pod(string name) => Manifest.Pod("shop", name, ["10.0.0.1"]);
}
