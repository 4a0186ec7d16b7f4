using Caretta.Aggregator.Directory;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches;
using Caretta.FakeCluster;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>Whatever the API server and the network do: nothing is lost, nothing told twice, and the state says what can be relied on.</summary>
public class WatchFailureSpecs
{
    private readonly SimulatedCluster _cluster = new();

    [Fact]
    public async Task A_server_that_is_down_at_the_start_is_listed_when_it_comes()
    {
        _cluster.Put(Pod("a"));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        await test.Server.StopAsync();
        test.Start();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        await test.PassPauseAsync();
        await test.Time.TimerWithin(TimeSpan.FromSeconds(60)); // refused once more

        await test.Server.StartAsync();
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal(["a"], test.Sink.Names(ObjectKind.Pod));
        Assert.DoesNotContain(true, test.Sink.ListsMayHaveMissed);
        Assert.Equal([WatchState.Listing, WatchState.Interrupted, WatchState.Current], test.Sink.States(ObjectKind.Pod));
        Assert.True(await test.Metric("watch_interruptions_total") >= 2);
        Assert.Single(test.Log.Warnings);
    }

    [Fact]
    public async Task A_server_that_was_away_for_a_while_tells_what_happened_meanwhile()
    {
        _cluster.Put(Pod("a"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);

        await test.Server.StopAsync();
        _cluster.Put(Pod("b"));
        _cluster.Delete(Pod("a"));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        Assert.Equal(0, await test.Metric("watch_current"));
        await test.Server.StartAsync();
        await test.PassPauseAsync();
        await test.Sink.UntilNamed("b");

        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
        Assert.Equal(
            [WatchState.Listing, WatchState.Current, WatchState.Interrupted, WatchState.Current], test.Sink.States(ObjectKind.Pod));
    }

    [Fact]
    public async Task A_stream_cut_within_a_line_goes_on_without_loss_and_without_telling_anything_twice()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        _cluster.Put(Pod("a"));
        await test.Sink.UntilNamed("a");

        test.Server.Faults.CutNextEvent(ApiKind.Pods);
        _cluster.Put(Pod("b"));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        _cluster.Put(Pod("c"));
        await test.PassPauseAsync();
        await test.Sink.UntilNamed("a", "b", "c");

        Assert.Equal(["a", "b", "c"], test.Sink.Changes.Select(one => one.Name));
        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
    }

    [Fact]
    public async Task A_line_that_is_no_JSON_ends_the_watch_and_nothing_else()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        _cluster.Put(Pod("a"));
        test.Server.SendLine(ApiKind.Pods, """{"type":"ADDED","object":{"metadata":{"na""");
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);

        _cluster.Put(Pod("b"));
        await test.PassPauseAsync();
        await test.Sink.UntilNamed("a", "b");

        Assert.Equal(["a", "b"], test.Sink.Changes.Select(one => one.Name));
        Assert.Equal((1, 0), (await test.Metric("watch_interruptions_total"), await test.Metric("malformed_total")));
    }

    [Fact]
    public async Task A_list_cut_within_a_page_begins_anew_and_may_have_missed_deletions()
    {
        _cluster.Put(Enumerable.Range(0, 700).Select(i => Pod($"p{i:D3}")));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        using var gate = test.Server.Faults.HoldLists(ApiKind.Pods);
        test.Start();
        await gate.Arrival();
        gate.LetOne();
        await gate.Arrival();
        test.Server.Faults.CutNextList(ApiKind.Pods);
        gate.Dispose();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        _cluster.Delete(Pod("p000"));
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
        Assert.Equal(1, test.Sink.ListsEnded);
        Assert.Equal(699, test.Sink.Names(ObjectKind.Pod).Count);
    }

    [Fact]
    public async Task A_version_too_old_as_an_event_of_the_watch_leads_to_a_list()
    {
        _cluster.Put(Pod("a"), Pod("b"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        await test.Server.StopAsync();
        _cluster.Delete(Pod("a"));
        _cluster.Put(Pod("c"));
        _cluster.Compact();
        await test.Server.StartAsync();
        await test.PassPauseAsync();
        await test.Server.Requests.WatchesReach(ApiKind.Pods, 2);
        await test.PassPauseAsync();
        await test.Sink.UntilNamed("b", "c");

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
        Assert.Equal(2, await test.Metric("lists_total"));
    }

    [Fact]
    public async Task A_version_too_old_as_the_status_of_the_response_leads_to_a_list()
    {
        _cluster.Put(Pod("a"));
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        test.Server.Faults.FailNext(ApiKind.Pods, 410);
        test.Server.EndWatches(ApiKind.Pods);
        await test.PassPauseAsync();
        await test.Server.Requests.ListsReach(ApiKind.Pods, 2);
        await test.Server.Requests.WatchesReach(ApiKind.Pods, 3);

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
    }

    [Fact]
    public async Task A_stale_continue_token_leads_to_a_new_list()
    {
        _cluster.Put(Enumerable.Range(0, 700).Select(i => Pod($"p{i:D3}")));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        using var gate = test.Server.Faults.HoldLists(ApiKind.Pods);
        test.Start();
        await gate.Arrival();
        gate.LetOne();
        await gate.Arrival();
        _cluster.Delete(Pod("p000"));
        _cluster.Compact();
        gate.Dispose();
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);

        Assert.Equal([false, true], test.Sink.ListsMayHaveMissed);
        Assert.Equal(699, test.Sink.Names(ObjectKind.Pod).Count);
        Assert.Equal(0, await test.Metric("watch_interruptions_total"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_asks_for_time_is_given_it(int status)
    {
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        test.Server.Faults.FailNext(ApiKind.Pods, status, retryAfter: 40);
        test.Start();
        await test.Time.TimerWithin(TimeSpan.FromSeconds(41));

        test.Time.Pass(TimeSpan.FromSeconds(40) - TimeSpan.FromTicks(1));
        await test.Time.TimerWithin(TimeSpan.FromSeconds(2)); // it still waits
        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
        test.Time.Pass(TimeSpan.FromSeconds(1));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
    }

    [Fact]
    public async Task A_server_that_fails_again_and_again_is_asked_ever_less_often()
    {
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        test.Server.Faults.FailNext(ApiKind.Pods, 500, times: 12);
        test.Start();
        for (var i = 0; i < 12; i++)
        {
            await test.PassPauseAsync();
        }

        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
        Assert.Equal(12, await test.Metric("watch_interruptions_total"));
        Assert.Single(test.Log.Warnings);
    }

    [Fact]
    public async Task A_slow_server_is_waited_for_and_a_silent_one_is_asked_again()
    {
        _cluster.Put(Pod("a"));
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        using var gate = test.Server.Faults.HoldLists(ApiKind.Pods);
        test.Start();
        await gate.Arrival();
        test.Time.Pass(TimeSpan.FromSeconds(89));
        await test.Time.TimerWithin(TimeSpan.FromSeconds(1)); // the end of its patience, or, had that been before, of a pause
        Assert.Equal([WatchState.Listing], test.Sink.States(ObjectKind.Pod));

        test.Time.Pass(TimeSpan.FromSeconds(1));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        gate.Dispose();
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
        Assert.Equal(["a"], test.Sink.Names(ObjectKind.Pod));
    }

    [Fact]
    public async Task A_watch_that_stays_silent_past_its_end_is_let_go_of_and_goes_on()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        test.Server.Mute = true;
        _cluster.Put(Pod("a"));
        var seconds = int.Parse(
            test.Server.Requests.Watches(ApiKind.Pods)[0].Query["timeoutSeconds"], System.Globalization.CultureInfo.InvariantCulture);
        await test.Time.TimerWithin(TimeSpan.FromSeconds(seconds + 30), after: TimeSpan.FromSeconds(90)); // the answer has begun

        test.Time.Pass(TimeSpan.FromSeconds(seconds + 29));
        await test.Time.TimerWithin(TimeSpan.FromSeconds(1)); // the end of its patience, or, had that been before, of a pause
        Assert.Equal(WatchState.Current, test.Sink.States(ObjectKind.Pod)[^1]);
        test.Time.Pass(TimeSpan.FromSeconds(1));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        test.Server.Mute = false;
        await test.PassPauseAsync();
        await test.Sink.UntilNamed("a");

        Assert.Single(test.Sink.Changes);
        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
    }

    [Fact]
    public async Task A_watch_that_is_not_answered_is_asked_for_again()
    {
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        using var gate = test.Server.Faults.HoldWatches(ApiKind.Pods);
        test.Start();
        await gate.Arrival();
        test.Time.Pass(TimeSpan.FromSeconds(90));
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
        gate.Dispose();
        await test.PassPauseAsync();
        await test.Server.WatchesOpen(ApiKind.Pods);

        Assert.Single(test.Server.Requests.Lists(ApiKind.Pods));
    }

    [Fact]
    public async Task Pauses_are_short_again_once_a_watch_has_brought_something()
    {
        await using var test = await WatchUnderTest.OnAsync(_cluster);
        test.Server.Faults.FailNext(ApiKind.Pods, 500, times: 12);
        test.Start();
        for (var i = 0; i < 12; i++)
        {
            await test.PassPauseAsync();
        }

        await test.Server.WatchesOpen(ApiKind.Pods);
        _cluster.Put(Pod("a"));
        await test.Sink.UntilNamed("a");
        for (var i = 0; i < 5; i++)
        {
            test.Server.Faults.CutNextEvent(ApiKind.Pods);
            _cluster.Put(Pod($"b{i}"));
            await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);
            await test.Time.TimerWithin(WatchBackoff.First);
            test.Time.PassToNextTimer();
            await test.Sink.Until(sink => sink.Changes[^1].Name == $"b{i}");
        }
    }

    [Fact]
    public async Task Watches_that_end_as_soon_as_they_begin_are_no_reason_to_spin()
    {
        await using var test = await WatchUnderTest.WatchingAsync(_cluster);
        test.Server.Faults.AnswerNext(ApiKind.Pods, new Answer(200, ReadOnlyMemory<byte>.Empty));
        test.Server.EndWatches(ApiKind.Pods);
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Interrupted);

        Assert.Equal(2, test.Server.Requests.Watches(ApiKind.Pods).Count);
        await test.PassPauseAsync();
        await test.Sink.UntilState(ObjectKind.Pod, WatchState.Current);
    }

    private static Manifest Pod(string name) => Manifest.Pod("shop", name, ["10.0.0.1"]);
}
