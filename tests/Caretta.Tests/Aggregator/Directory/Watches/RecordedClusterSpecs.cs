using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>A real API server's words, from the lists to the last watched change, end in what Recorded/changes.log says was there.</summary>
public class RecordedClusterSpecs
{
    private static readonly ObjectKind[] AllKinds = Enum.GetValues<ObjectKind>();

    [Fact]
    public async Task The_objects_of_every_kind_are_those_that_were_there_in_the_end()
    {
        await using var test = await ReplayedAsync();

        string[] backendGone = [];
        Assert.Equal(
            ["db-0", "db-1", "host-agent-cqjlz", "orphan-rs-jsrpx", "report-29923381-bvfgj", "report-29923382-46qgw", "report-29923383-n8cl2"],
            test.Sink.Names(ObjectKind.Pod));
        Assert.Equal(["node-1"], test.Sink.Names(ObjectKind.Node));
        Assert.Equal(["backend", "backend-lb", "db", "kubernetes", "outside"], test.Sink.Names(ObjectKind.Service));
        Assert.Equal(["backend-dh4rx", "backend-lb-wt6kn", "db-8nqgk", "kubernetes"], test.Sink.Names(ObjectKind.EndpointSlice));
        Assert.Equal(["orphan-rs"], test.Sink.Names(ObjectKind.ReplicaSet));
        Assert.Equal(backendGone, test.Sink.Names(ObjectKind.Deployment));
        Assert.Equal(["host-agent"], test.Sink.Names(ObjectKind.DaemonSet));
        Assert.Equal(["db"], test.Sink.Names(ObjectKind.StatefulSet));
        Assert.Equal(["report-29923381", "report-29923382", "report-29923383"], test.Sink.Names(ObjectKind.Job));
        Assert.Equal(["report"], test.Sink.Names(ObjectKind.CronJob));
    }

    [Fact]
    public async Task Every_object_of_the_server_is_understood_and_every_line_told_of_once()
    {
        await using var test = await ReplayedAsync();

        foreach (var kind in AllKinds)
        {
            Assert.Equal((kind, 0), (kind, await test.Metric("malformed_total", kind)));
            Assert.Equal((kind, 1), (kind, await test.Metric("lists_total", kind)));
            Assert.Equal((kind, Lines(kind).Length), (kind, await test.Metric("watch_events_total", kind)));
            Assert.Equal([WatchState.Listing, WatchState.Current], test.Sink.States(kind));
        }
    }

    [Fact]
    public async Task A_watch_after_the_recorded_ones_begins_where_the_last_bookmark_was()
    {
        await using var test = await ReplayedAsync();

        test.Server.EndWatches(ApiKind.Nodes);
        await test.Server.Requests.WatchesReach(ApiKind.Nodes, 2);

        Assert.Equal("1451", test.Server.Requests.Watches(ApiKind.Nodes)[1].ResourceVersion);
    }

    [Fact]
    public async Task A_service_recreated_under_its_name_is_another_with_another_address()
    {
        await using var test = await ReplayedAsync();

        var backend = Assert.Single(test.Sink.All<ClusterService>(), one => one.Name == "backend");
        Assert.NotEqual("93b1f45b-6b4b-4de0-b7dd-18f9a4bce11a", backend.Uid.ToString());
        Assert.Contains(Guid.Parse("93b1f45b-6b4b-4de0-b7dd-18f9a4bce11a"), test.Sink.Deletions);
        Assert.Equal(
            Addresses("10.96.50.96", "203.0.113.10", "198.51.100.7"), test.Sink.All<ClusterService>().Single(one => one.Name == "backend-lb").Addresses);
        Assert.Empty(test.Sink.All<ClusterService>().Single(one => one.Name == "outside").Addresses);
    }

    [Fact]
    public async Task A_finished_pod_keeps_its_address_and_says_when_it_finished()
    {
        await using var test = await ReplayedAsync();

        var finished = test.Sink.All<ClusterPod>().Single(one => one.Name == "report-29923381-bvfgj");
        var running = test.Sink.All<ClusterPod>().Single(one => one.Name == "db-0");
        Assert.Single(finished.Addresses);
        Assert.True(finished.FinishedAt > finished.CreatedAt && finished.FinishedAt < TimeSpan.Zero);
        Assert.Null(running.FinishedAt);
        Assert.Equal(("Job", "report-29923381"), (finished.Controller!.Kind, finished.Controller.Name));
        Assert.Equal(("StatefulSet", "db"), (running.Controller!.Kind, running.Controller.Name));
    }

    [Fact]
    public async Task Only_endpoints_behind_which_no_pod_stands_are_kept()
    {
        await using var test = await ReplayedAsync();

        var slices = test.Sink.All<ClusterEndpoints>();
        Assert.Equal("kubernetes", Assert.Single(slices, one => one.Addresses.Count > 0).Service);
        Assert.Equal("backend", slices.Single(one => one.Name == "backend-dh4rx").Service);
    }

    [Fact]
    public async Task A_forbidden_kind_is_known_by_the_servers_own_words()
    {
        await using var test = await WatchUnderTest.OnAsync(new Recording());
        test.Server.Faults.AnswerNext(ApiKind.Pods, Recording.Error("forbidden"));
        test.Start();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Forbidden);

        Assert.Contains("User \"system:serviceaccount:shop:default\" cannot list resource \"pods\"", test.Log.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_too_old_is_known_by_the_servers_own_words()
    {
        await using var test = await WatchUnderTest.OnAsync(new SimulatedCluster());
        test.Start();
        await test.Server.WatchesOpen(ApiKind.Pods);
        test.Server.Faults.AnswerNext(ApiKind.Pods, Recording.Error("watch-too-old"));
        test.Server.EndWatches(ApiKind.Pods);
        await test.PassPauseAsync();
        await test.Server.Requests.WatchesReach(ApiKind.Pods, 3);

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
    }

    [Theory]
    [InlineData("unauthorized", WatchState.Forbidden)]
    [InlineData("not-found", WatchState.Interrupted)]
    [InlineData("list-continue-invalid", WatchState.Interrupted)]
    public async Task Other_refusals_are_met_by_asking_again(string error, object state)
    {
        await using var test = await WatchUnderTest.OnAsync(new SimulatedCluster());
        test.Server.Faults.AnswerNext(ApiKind.Pods, Recording.Error(error));
        test.Start();
        await test.Sink.UntilState(ObjectKind.Pod, (WatchState)state);
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
    }

    private static async Task<WatchUnderTest> ReplayedAsync()
    {
        var test = (await WatchUnderTest.OnAsync(new Recording(), AllKinds)).Start();
        var events = AllKinds.Sum(kind => Lines(kind).Length);
        await test.Sink.Until(sink => sink.ListsEnded == AllKinds.Length && sink.Changes.Count + sink.Deletions.Count == events);
        await Task.WhenAll(AllKinds.Select(kind => test.Sink.UntilState(kind, WatchState.Current))); // those of which no change was recorded as well
        return test;
    }

    private static string[] Lines(ObjectKind kind) =>
    [
        .. File.ReadLines(Path.Combine(Recording.Folder, "watch", $"{kind.ToString().ToLowerInvariant()}s.jsonl"))
            .Where(line => !line.Contains("\"BOOKMARK\"", StringComparison.Ordinal)),
    ];

    private static IEnumerable<Address> Addresses(params IEnumerable<string> texts) => texts.Select(Address.Parse);
}
