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

public sealed class ForwarderActorSpecs : TestKit
{
    private static readonly Source Source = new("node-1", Guid.NewGuid());
    private static readonly NetworkLink Link = new(new Workload("shop", "Pod", "a"), new Workload("shop", "Pod", "b"), 80, Role.Client);

    private static readonly ForwarderOptions Options = new([FakeUplinks.Member.Endpoint], TimeSpan.FromSeconds(5), "test");

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly TestProbe _aggregator;
    private readonly FakeUplinks _uplinks;
    private readonly ForwarderMetrics _metrics;
    private readonly IActorRef _forwarder;

    public ForwarderActorSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.test.single-expect-default = 60s")
    {
        _aggregator = CreateTestProbe("aggregator");
        _uplinks = new FakeUplinks(_aggregator);
        _metrics = new ForwarderMetrics(Metrics.WithCustomRegistry(_registry));
        IgnoreMessages<DirectoryLost>(_ => true); // but for the specs of it
        _forwarder = Sys.ActorOf(ForwarderActor.Props(Options, _metrics, _uplinks.Find, _uplinks.Open, random: new Random(1)));
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task It_opens_with_hello_and_sends_what_the_shard_does_not_hold()
    {
        await Start(sequence: 3, ReportOf(3, 100));
        var hello = (await _aggregator.ExpectMsgAsync<FromNode>()).Hello;
        Assert.Equal(("node-1", 5000U, 9UL), (hello.NodeName, hello.PollIntervalMs, hello.Epoch));
        Assert.Equal(Source.Incarnation, new Guid(hello.Incarnation.Span, bigEndian: true));

        _uplinks.Welcome();
        var batch = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        Assert.Equal(100UL, Assert.Single(batch.Reports).Totals.SentBytes);
    }

    [Fact]
    public async Task While_a_batch_is_in_flight_later_totals_wait_and_only_the_latest_is_sent()
    {
        var first = await Welcomed(ReportOf(1, 100));
        Commit(2, 200);
        Commit(3, 300);

        _uplinks.Held(0, first.Watermark, first.Id);
        var second = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        Assert.Equal(300UL, Assert.Single(second.Reports).Totals.SentBytes);
    }

    [Fact]
    public async Task Batches_of_one_poll_go_in_one_message_to_an_aggregator_that_takes_them_and_so_do_the_answers()
    {
        var shards = Enumerable.Range(0, 2).Select(shard => Enumerable.Range(0, 100).Select(port => Link with { ServerPort = (ushort)port })
            .First(link => LinkSharding.ShardOf(link, 2) == shard)).ToList();
        await Start(sequence: 1);
        await _aggregator.ExpectMsgAsync<FromNode>();
        _uplinks.Welcome(shards: 2, protocol: 1);
        await Settled();
        _forwarder.Tell(new ReportsCommitted(Source, 2, [.. shards.Select(link => ReportOf(2, 100) with { Link = link })]));

        var batches = (await _aggregator.ExpectMsgAsync<FromNode>()).Batches.Batches_;
        Assert.Equal([0U, 1U], batches.Select(batch => batch.Shard));
        _uplinks.Say(new FromAggregator
        {
            Answers = new Answers { Held = { batches.Select(batch => new Held { Shard = batch.Shard, Sequence = batch.Watermark, BatchId = batch.Id }) } },
        });
        await Settled();
        Assert.Equal((2, 0), (_metrics.BatchesAcked.Value, _metrics.UnackedLinks.Value));
    }

    [Fact]
    public async Task After_a_broken_stream_it_comes_back_and_sends_again_what_was_not_acknowledged()
    {
        await Welcomed(ReportOf(1, 100));
        _uplinks.Break();
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.BatchesResent.Value));
        await Pass(Options.LongestPause);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
        await _aggregator.ExpectMsgAsync<FromNode>(sent => Assert.NotNull(sent.Hello));

        _uplinks.Welcome();
        var again = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        Assert.Equal(100UL, Assert.Single(again.Reports).Totals.SentBytes);
    }

    [Fact]
    public async Task A_batch_that_is_never_answered_ends_the_stream()
    {
        await Welcomed(ReportOf(1, 100));
        await Pass(Options.AckTimeout);
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.ConnectFailures.Value));
        await Pass(Options.LongestPause);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
    }

    [Fact]
    public async Task The_last_words_of_an_earlier_stream_change_nothing()
    {
        var batch = await Welcomed(ReportOf(1, 100));
        _uplinks.Break();
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.BatchesResent.Value));
        await Pass(Options.LongestPause);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
        await _aggregator.ExpectMsgAsync<FromNode>();

        _uplinks.Held(0, batch.Watermark, batch.Id, stream: 1);
        _uplinks.Welcome();
        Assert.NotNull((await _aggregator.ExpectMsgAsync<FromNode>()).Batch);
        Assert.Equal(0, _metrics.BatchesAcked.Value);
    }

    [Fact]
    public async Task A_shard_that_holds_more_than_was_sent_makes_the_probe_begin_a_new_incarnation()
    {
        await Start(sequence: 3, ReportOf(3, 100));
        await _aggregator.ExpectMsgAsync<FromNode>();
        _uplinks.Say(new FromAggregator { Welcome = new Welcome { ShardCount = 1 } });
        _uplinks.Held(0, sequence: 9, batchId: 0);
        Assert.Equal(Source, (await ExpectMsgAsync<IncarnationRefused>()).Source);

        var next = Source with { Incarnation = Guid.NewGuid() };
        _forwarder.Tell(new SourceStarted(next, 1, []), TestActor);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
        var hello = (await _aggregator.ExpectMsgAsync<FromNode>()).Hello;
        Assert.Equal(next.Incarnation, new Guid(hello.Incarnation.Span, bigEndian: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incarnation_that_was_retired_is_given_up_for_a_new_one_at_the_start_of_a_stream_and_in_the_middle(bool inTheMiddle)
    {
        await Start(sequence: 3, ReportOf(3, 100));
        await _aggregator.ExpectMsgAsync<FromNode>();
        _uplinks.Say(new FromAggregator { Welcome = new Welcome { ShardCount = 1 } });
        if (inTheMiddle)
        {
            _uplinks.Held(0, sequence: 0, batchId: 0);
            Assert.NotNull((await _aggregator.ExpectMsgAsync<FromNode>()).Batch);
        }

        _uplinks.Say(new FromAggregator { Held = new Held { Retired = true, BatchId = inTheMiddle ? 1UL : 0 } });
        var refused = await ExpectMsgAsync<IncarnationRefused>();
        Assert.Equal((Source, "the aggregator has retired it"), (refused.Source, refused.Reason));
        Commit(4, 200); // of the one that is over, and to nobody
        var next = Source with { Incarnation = Guid.NewGuid() };
        _forwarder.Tell(new SourceStarted(next, 1, []), TestActor);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
        Assert.Equal(next.Incarnation, new Guid((await _aggregator.ExpectMsgAsync<FromNode>()).Hello.Incarnation.Span, bigEndian: true));
    }

    [Fact]
    public async Task Commits_of_an_incarnation_that_has_ended_are_not_sent_under_the_new_one()
    {
        var batch = await Welcomed(ReportOf(1, 100));
        _uplinks.Held(0, batch.Watermark, batch.Id);
        _forwarder.Tell(new ReportsCommitted(Source with { Incarnation = Guid.NewGuid() }, 9, [ReportOf(9, 900)]));
        Commit(2, 200);
        var next = (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
        Assert.Equal(200UL, Assert.Single(next.Reports).Totals.SentBytes);
    }

    [Fact]
    public async Task A_refused_node_name_is_tried_again_slowly()
    {
        await Start(sequence: 1);
        await _aggregator.ExpectMsgAsync<FromNode>();
        _uplinks.Say(new FromAggregator { Refused = new Refused { Kind = RefusalKind.RefusalNodeNameInUse, Reason = "taken" } });
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.Refusals.WithLabels("node_name_in_use").Value));
        await Pass(Options.LongestPause);
        await Settled(); // whatever the clock caused has been dealt with
        Assert.False(_aggregator.HasMessages);
        await Pass(Options.PauseAfterRefusal);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
    }

    [Fact]
    public async Task Asked_to_prove_again_who_it_is_it_comes_back_soon_and_that_is_no_failure()
    {
        await Welcomed(ReportOf(1, 100));
        _uplinks.Say(new FromAggregator { Refused = new Refused { Kind = RefusalKind.RefusalProveAgain, Reason = "old" } });
        await AwaitAssertAsync(() => Assert.Equal(1, _metrics.Refusals.WithLabels("prove_again").Value));
        await Pass(Options.LongestPause);
        Assert.Equal(2, await _aggregator.ExpectMsgAsync<int>());
        Assert.Equal(0, _metrics.ConnectFailures.Value);
    }

    private static Report ReportOf(ulong sequence, ulong sent) => new(Link, sequence, new LinkTotals { SentBytes = sent }, default);

    private async Task Start(ulong sequence, params Report[] reports)
    {
        _forwarder.Tell(new SourceStarted(Source, sequence, reports) { Epochs = [new LedgerEpoch(7, 0), new LedgerEpoch(9, sequence)] }, TestActor);
        Assert.Equal(1, await _aggregator.ExpectMsgAsync<int>());
    }

    /// <summary>Started and welcomed by an aggregator that holds nothing.</summary>
    /// <returns>The first batch.</returns>
    private async Task<Batch> Welcomed(Report report)
    {
        await Start(report.Sequence, report);
        await _aggregator.ExpectMsgAsync<FromNode>();
        _uplinks.Welcome();
        return (await _aggregator.ExpectMsgAsync<FromNode>()).Batch;
    }

    /// <summary>The forwarder has done all it was told so far, the timers it sets included.</summary>
    private async Task Settled()
    {
        _forwarder.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
    }

    private async Task Pass(TimeSpan time)
    {
        await Settled();
        Clock.Advance(time);
    }

    private void Commit(ulong sequence, ulong sent) =>
        _forwarder.Tell(new ReportsCommitted(Source, sequence, [ReportOf(sequence, sent)]));
}
