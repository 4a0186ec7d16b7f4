using System.Net;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Caretta.Node.Forward;
using Prometheus;
using Source = Caretta.Messages.Source;
using Workload = Caretta.Messages.Workload;

namespace Caretta.Tests.Node.Forward;

/// <summary>An agent and several aggregators, of which some are away, some stop, and some have shards that are elsewhere just now.</summary>
public sealed class ManyMembersSpecs : TestKit
{
    private static readonly Source Source = new("node-1", Guid.NewGuid());
    private static readonly NetworkLink Link = new(new Workload("shop", "Pod", "a"), new Workload("shop", "Pod", "b"), 80, Role.Client);
    private static readonly ForwarderOptions Options = new([new Uri("http://caretta:7118")], TimeSpan.FromSeconds(5), "test");

    private readonly ManualTime _time = new();
    private readonly TestProbe _aggregator;
    private readonly FakeUplinks _uplinks;
    private readonly ForwarderMetrics _metrics = new(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
    private readonly IActorRef _forwarder;

    public ManyMembersSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.test.single-expect-default = 60s")
    {
        _aggregator = CreateTestProbe("aggregator");
        _uplinks = new FakeUplinks(_aggregator) { Members = Members(3) };
        _forwarder = Sys.ActorOf(ForwarderActor.Props(Options, _metrics, _uplinks.Find, _uplinks.Open, _time, new Random(1)));
    }

    [Fact]
    public async Task A_dead_member_costs_no_pause_while_another_is_left()
    {
        await StartAsync();
        _uplinks.Break("refused");
        await OpenedAfterAsync(Options.SpreadOver, stream: 2);
        _uplinks.Break("refused");
        await OpenedAfterAsync(Options.SpreadOver, stream: 3);
        Assert.Equal(3, _uplinks.Dialled.Distinct().Count());
        Assert.Equal(2, _metrics.ConnectFailures.Value);
    }

    [Fact]
    public async Task Once_all_have_failed_it_pauses_and_begins_a_new_round()
    {
        _uplinks.Members = Members(1);
        await StartAsync();
        var stream = 1;
        for (; stream < 8; stream++)
        {
            _uplinks.Break("refused");
            await OpenedAfterAsync(Options.LongestPause, stream + 1);
        }

        _uplinks.Break("refused"); // by now the pause is at least half the longest
        await PassAsync(Options.SpreadOver);
        Assert.False(_aggregator.HasMessages);
        await OpenedAfterAsync(Options.LongestPause, stream + 1);
    }

    [Fact]
    public async Task Members_are_looked_up_anew_for_each_stream()
    {
        await StartAsync();
        _uplinks.Members = [new MemberAddress(Options.Aggregators[0], IPAddress.Parse("10.0.0.99"))];
        _uplinks.Break("stopped");
        await OpenedAfterAsync(Options.LongestPause, stream: 2);
        Assert.Equal("10.0.0.99", $"{_uplinks.Dialled.Last().Address}");
    }

    [Fact]
    public async Task A_name_without_an_address_is_asked_for_again()
    {
        _uplinks.Members = [];
        _forwarder.Tell(new SourceStarted(Source, 1, []), TestActor);
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.ConnectFailures.Value));
        _uplinks.Members = Members(1);
        await OpenedAfterAsync(Options.LongestPause, stream: 2);
    }

    [Fact]
    public async Task A_good_stream_that_ends_politely_is_followed_at_once_and_is_no_failure()
    {
        await StartAsync();
        _uplinks.Welcome();
        await SettleAsync();
        _time.Pass(Options.SettledAfter);
        await AnswerUnavailableAsync();
        await OpenedAfterAsync(Options.SpreadOver, stream: 2);
        Assert.Equal(0, _metrics.ConnectFailures.Value);
    }

    [Fact]
    public async Task One_that_welcomes_only_to_end_politely_is_not_followed_in_a_tight_loop()
    {
        _uplinks.Members = Members(1);
        await StartAsync();
        var stream = 1;
        for (; stream < 8; stream++)
        {
            _uplinks.Welcome();
            await AnswerUnavailableAsync();
            await OpenedAfterAsync(Options.LongestPause, stream + 1);
        }

        _uplinks.Welcome();
        await AnswerUnavailableAsync();
        await PassAsync(Options.SpreadOver);
        Assert.False(_aggregator.HasMessages);
    }

    [Fact]
    public async Task A_shard_that_is_opened_again_is_sent_again_what_was_in_flight_on_the_same_stream()
    {
        await StartAsync(new Report(Link, 1, new LinkTotals { SentBytes = 100 }, default));
        _uplinks.Welcome();
        var lost = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        _uplinks.Held(0, sequence: 0, batchId: 0, opening: 1);

        var again = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        Assert.Equal((1U, 100UL), (again.Opening, Assert.Single(again.Reports).Totals.SentBytes));
        _uplinks.Held(0, lost.Watermark, lost.Id, opening: 1); // the lost one arrived after all
        _uplinks.Held(0, again.Watermark, again.Id, opening: 1);
        await AwaitAssertAsync(() => Assert.Equal(0, _metrics.UnackedLinks.Value));
        Assert.Equal((1, 1, 0), (_metrics.BatchesResent.Value, _metrics.BatchesAcked.Value, _metrics.ConnectFailures.Value));
    }

    [Fact]
    public async Task An_aggregator_that_says_it_waits_for_a_shard_keeps_the_stream_and_one_that_says_nothing_loses_it()
    {
        await StartAsync(new Report(Link, 1, new LinkTotals { SentBytes = 100 }, default));
        _uplinks.Welcome();
        await _aggregator.ExpectMsgAsync<FromNode>();
        for (var i = 0; i < 10; i++)
        {
            await PassAsync(Options.AckTimeout * 0.9);
            _uplinks.Say(new FromAggregator { Waiting = new Waiting { Shards = { 0 } } });
            await SettleAsync();
        }

        Assert.Equal((1, 0), (_metrics.SilentShards.Value, _metrics.ConnectFailures.Value));
        await PassAsync(Options.AckTimeout);
        await AwaitAssertAsync(() => Assert.Equal((0, 1), (_metrics.SilentShards.Value, _metrics.ConnectFailures.Value)));
    }

    [Fact]
    public async Task It_says_that_shards_may_be_opened_again_and_answer_together_and_that_it_may_be_unloaded() => Assert.Equal(3U, (await StartAsync()).Protocol);

    private static IReadOnlyList<MemberAddress> Members(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new MemberAddress(Options.Aggregators[0], IPAddress.Parse($"10.0.0.{number}")))];

    private async Task<Hello> StartAsync(params Report[] reports)
    {
        _forwarder.Tell(new SourceStarted(Source, 1, reports), TestActor);
        return await OpenedAsync(stream: 1);
    }

    private async Task<Hello> OpenedAsync(int stream)
    {
        Assert.Equal(stream, await _aggregator.ExpectMsgAsync<int>());
        return (await _aggregator.ExpectMsgAsync<FromNode>()).Hello;
    }

    private async Task OpenedAfterAsync(TimeSpan pause, int stream)
    {
        await PassAsync(pause);
        await OpenedAsync(stream);
    }

    private async Task AnswerUnavailableAsync()
    {
        _uplinks.Say(new FromAggregator { Refused = new Refused { Kind = RefusalKind.RefusalUnavailable, Reason = "stopping" } });
        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        _forwarder.Tell(new Identify(null), TestActor);
        await FishForMessageAsync(message => message is ActorIdentity);
    }

    private async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        ((TestScheduler)Sys.Scheduler).Advance(time);
        await SettleAsync();
    }
}
