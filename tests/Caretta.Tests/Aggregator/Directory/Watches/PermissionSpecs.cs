using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class PermissionSpecs
{
    private readonly SimulatedCluster _cluster = new();

    [Fact]
    public async Task A_forbidden_kind_leaves_the_others_and_names_the_rule_that_is_missing()
    {
        _cluster.Put(Manifest.Pod("shop", "a"), Manifest.Job("shop", "migrate"));
        await using var test = await WatchUnderTest.OnAsync(_cluster, ObjectKind.Pod, ObjectKind.Job);
        test.Server.Faults.Forbid(ApiKind.Jobs);
        test.Start();
        await test.Sink.UntilState(ObjectKind.Job, WatchState.Forbidden);
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal(["a"], test.Sink.Names(ObjectKind.Pod));
        Assert.Empty(test.Sink.Names(ObjectKind.Job));
        Assert.Contains(
            "apiGroups: [\"batch\"], resources: [\"jobs\"], verbs: [\"list\", \"watch\"]", test.Log.Warnings.Single(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (await test.Metric("watch_forbidden", ObjectKind.Job), await test.Metric("watch_forbidden")));
        Assert.Equal(0, await test.Metric("watch_current", ObjectKind.Job));
    }

    [Fact]
    public async Task A_forbidden_kind_is_asked_for_about_once_a_minute_until_it_is_allowed()
    {
        _cluster.Put(Manifest.Pod("shop", "a"));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        test.Server.Faults.Forbid(ApiKind.Pods);
        test.Start();
        await test.Time.TimerWithin(TimeSpan.FromSeconds(75), after: TimeSpan.FromSeconds(59));
        await test.PassPauseAsync();
        await test.Server.Requests.ListsReach(ApiKind.Pods, 2);
        await test.Time.TimerWithin(TimeSpan.FromSeconds(75), after: TimeSpan.FromSeconds(59));
        test.Server.Faults.Allow(ApiKind.Pods);
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal(["a"], test.Sink.Names(ObjectKind.Pod));
        Assert.Single(test.Log.Warnings);
        Assert.Equal([WatchState.Listing, WatchState.Forbidden, WatchState.Current], test.Sink.States(ObjectKind.Pod));
        Assert.Equal(0, await test.Metric("watch_interruptions_total"));
    }

    [Fact]
    public async Task A_right_that_is_taken_away_and_given_back_leads_to_a_list()
    {
        _cluster.Put(Manifest.Pod("shop", "a"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        test.Server.Faults.Forbid(ApiKind.Pods);
        test.Server.EndWatches(ApiKind.Pods);
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Forbidden);
        _cluster.Delete(ApiKind.Pods, "shop", "a");
        test.Server.Faults.Allow(ApiKind.Pods);
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
        Assert.Empty(test.Sink.Names(ObjectKind.Pod));
    }

    [Fact]
    public async Task Credentials_that_are_not_accepted_are_named_as_that()
    {
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        test.Server.Faults.Unauthorized = true;
        test.Start();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Forbidden);
        test.Server.Faults.Unauthorized = false;
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Contains("HTTP 401: Unauthorized", test.Log.Warnings.Single(), StringComparison.Ordinal);
    }
}
