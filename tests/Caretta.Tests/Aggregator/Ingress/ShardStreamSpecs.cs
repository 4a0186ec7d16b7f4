using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator;
using Caretta.Aggregator.Ingress;
using Caretta.Aggregator.Shards;
using Caretta.Messages.Wire;
using Caretta.Tests.Aggregator.Directory;
using Caretta.Tests.Aggregator.Fakes;
using Source = Caretta.Messages.Source;

namespace Caretta.Tests.Aggregator.Ingress;

/// <summary>A stream among shards that move, stop and fall silent, and its claim on the node's name.</summary>
public sealed partial class ShardStreamSpecs : TestKit
{
    private const int Shards = 2;

    private const string Hocon = """
        akka { loglevel = OFF, stdout-loglevel = OFF, test.single-expect-default = 60s }
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """;

    private static readonly StreamSettings Settings =
        new(Shards, AnswerWithin: TimeSpan.FromSeconds(30), "member", "test") { MaxAge = TimeSpan.FromHours(10) };

    private readonly Source _source = Traffic.Source("node-a");
    private readonly Outgoing _agent = new(Settings.OutgoingCapacity);
    private readonly InFlight _inFlight = new(Shards);
    private readonly AggregatorMetrics _metrics = new(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
    private readonly ManualTime _time = new();
    private readonly DirectoryUnderTest _directory = new();
    private readonly TestProbe _region;
    private readonly TestProbe _keeper;
    private readonly TestProbe[] _ledgers;
    private IActorRef _stream = ActorRefs.Nobody;

    public ShardStreamSpecs()
        : base(Hocon)
    {
        (_region, _keeper) = (CreateTestProbe("region"), CreateTestProbe("keeper"));
        _ledgers = [CreateTestProbe("ledger-0"), CreateTestProbe("ledger-1")];
    }

    [Fact]
    public async Task An_agent_is_welcomed_once_its_name_is_granted_and_not_before()
    {
        Start();
        Assert.Equal(("node-a", _source), await ClaimAsync());
        Assert.False(_agent.Reader.TryPeek(out _));
        Grant();
        Assert.Equal(2U, (await NextAsync()).Welcome.ShardCount);
        Assert.NotNull((await NextAsync()).Directory);
        Assert.Equal([0, 1], new[] { await OpenedAsync(), await OpenedAsync() }.Order());
    }

    [Fact]
    public async Task A_shard_whose_ledger_stopped_is_opened_again_and_the_other_goes_on()
    {
        await BeginAsync();
        Pass(shard: 0, id: 1);
        await TakenAsync();
        Sys.Stop(_ledgers[0]);
        Assert.Equal(0, await OpenedAsync());

        Pass(shard: 1, id: 2);
        Assert.Equal(2UL, (await TakenAsync()).Id);
        Answer(shard: 1, sequence: 7, batch: 2);
        Assert.Equal((1U, 7UL, 2UL, 0U), await HeldAsync());

        _ledgers[0] = CreateTestProbe("ledger-0-elsewhere");
        Answer(shard: 0, sequence: 5, batch: 0);
        Assert.Equal((0U, 5UL, 0UL, 1U), await HeldAsync());
        Pass(shard: 0, id: 3, opening: 1);
        Assert.Equal(3UL, (await TakenAsync()).Id);
        Assert.Equal((1, 0), (_metrics.ShardsReopened.Value, Ended()));
    }

    [Fact]
    public async Task A_shard_is_asked_until_it_answers_and_one_answer_is_enough()
    {
        await BeginAsync();
        Sys.Stop(_ledgers[0]);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(0, await OpenedAsync());
            await PassAsync(Settings.RepeatLast);
        }

        await OpenedAsync();
        _ledgers[0] = CreateTestProbe("ledger-0-elsewhere");
        Answer(shard: 0, sequence: 5, batch: 0);
        Answer(shard: 0, sequence: 5, batch: 0);
        Answer(shard: 1, sequence: 9, batch: 0); // open all the while
        await SettleAsync();
        Assert.Equal(1U, (await HeldAsync()).Opening);
        Assert.False(_agent.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_batch_without_an_answer_has_its_shard_opened_again_and_its_late_answer_goes_nowhere()
    {
        await BeginAsync();
        Pass(shard: 0, id: 1);
        Assert.Equal(11UL, (await TakenAsync()).History);
        await PassAsync(Settings.AnswerWithin);
        Assert.Equal(0, await OpenedAsync());
        Answer(shard: 0, sequence: 0, batch: 0, history: 12);
        Assert.Equal((0U, 0UL, 0UL, 1U), await HeldAsync());
        Answer(shard: 0, sequence: 1, batch: 1);
        Pass(shard: 0, id: 2, opening: 1);
        Assert.Equal((2UL, 12UL), await TakenOfAsync());
        Answer(shard: 0, sequence: 2, batch: 2, history: 13);
        Assert.Equal((0U, 2UL, 2UL, 1U), await HeldAsync());
        Pass(shard: 0, id: 3, opening: 1);
        Assert.Equal((3UL, 13UL), await TakenOfAsync()); // an acknowledgement is a word to build on too
    }

    [Fact]
    public async Task A_batch_for_a_shard_that_is_just_being_opened_again_is_left_to_the_agent()
    {
        await BeginAsync();
        Sys.Stop(_ledgers[0]);
        await OpenedAsync();
        Pass(shard: 0, id: 1);
        await SettleAsync();
        Assert.Equal(1, _metrics.BatchesSuperseded.Value);
        Assert.False(_region.HasMessages);
    }

    [Fact]
    public async Task An_agent_is_told_which_shards_are_waited_for_and_when_none_is_any_more()
    {
        await BeginAsync();
        await PassAsync(Settings.TellWaiting);
        Assert.False(_agent.Reader.TryPeek(out _));
        Pass(shard: 1, id: 1);
        await PassAsync(Settings.TellWaiting);
        Assert.Equal([1U], (await NextAsync()).Waiting.Shards);
        Answer(shard: 1, sequence: 1, batch: 1);
        await HeldAsync();
        await PassAsync(Settings.TellWaiting);
        Assert.Empty((await NextAsync()).Waiting.Shards);
        await PassAsync(Settings.TellWaiting);
        Assert.False(_agent.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task An_older_agent_is_sent_away_when_a_ledger_stops()
    {
        await BeginAsync(mayReopen: false);
        Sys.Stop(_ledgers[0]);
        Assert.Contains("ledger", await UnavailableAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_agent_is_sent_away_when_a_batch_gets_no_answer()
    {
        await BeginAsync(mayReopen: false);
        Pass(shard: 0, id: 1);
        await TakenAsync();
        await PassAsync(Settings.AnswerWithin);
        Assert.Contains("not answered", await UnavailableAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_of_age()
    {
        await BeginAsync();
        await PassAsync(Settings.MaxAge * 0.79);
        Assert.Equal(0, Ended(StreamEnd.Age));
        await PassAsync(Settings.MaxAge * 0.42);
        while ((await NextAsync()).Refused is null)
        {
            // It may have been told that nobody is waited for.
        }

        Assert.Equal(1, Ended(StreamEnd.Age));
    }

    [Fact]
    public void Streams_of_one_age_end_spread_over_two_fifths_of_it()
    {
        var random = new Random(1);
        var ages = Enumerable.Range(0, 1000).Select(_ => Settings.AgeOf(random) / Settings.MaxAge).ToList();
        Assert.All(ages, age => Assert.InRange(age, 0.8, 1.2));
        Assert.All(ages.CountBy(age => (int)((age - 0.8) * 10)), quarter => Assert.InRange(quarter.Value, 200, 300));
    }

    [Fact]
    public async Task A_name_that_another_agent_bears_is_refused()
    {
        Start();
        await ClaimAsync();
        _stream.Tell(new NodeAnswer("node-a", NodeVerdict.InUse), _keeper);
        Assert.Equal(RefusalKind.RefusalNodeNameInUse, (await NextAsync()).Refused.Kind);
        await ExpectEndAsync();
    }

    [Fact]
    public async Task A_stream_whose_agent_came_anew_elsewhere_ends()
    {
        await BeginAsync();
        _stream.Tell(new NodeAnswer("node-a", NodeVerdict.TakenOver), _keeper);
        Assert.Equal(RefusalKind.RefusalNodeNameInUse, (await NextAsync()).Refused.Kind);
        await ExpectEndAsync();
        Assert.Equal(1, Ended(StreamEnd.TakenOver));
    }

    [Fact]
    public async Task When_who_keeps_the_names_has_moved_the_name_is_claimed_again_with_the_streams_age()
    {
        await BeginAsync();
        _time.Pass(TimeSpan.FromSeconds(77));
        Sys.Stop(_keeper);
        var claim = (await _region.ExpectMsgAsync<NodeEnvelope>()).Message;
        Assert.Equal(TimeSpan.FromSeconds(77), claim.Age);
        await PassAsync(Settings.RepeatLast);
        await ClaimAsync();
        _stream.Tell(new NodeAnswer("node-a", NodeVerdict.Granted), CreateTestProbe("keeper-elsewhere"));
        await SettleAsync();
        Assert.Equal(0, Ended());
        Assert.False(_agent.Reader.TryPeek(out _)); // one welcome
    }

    [Fact]
    public async Task An_agent_whose_name_nobody_grants_is_sent_to_another_member()
    {
        Start();
        await ClaimAsync();
        await PassAsync(Settings.RepeatLast);
        await ClaimAsync();
        _time.Pass(Settings.ClaimWithin);
        await PassAsync(Settings.RepeatLast);
        await UnavailableAsync();
    }

    [Fact]
    public async Task An_agent_that_does_not_read_is_ended_and_counted()
    {
        await BeginAsync();
        while (_agent.TryWrite(new FromAggregator()))
        {
            // until it is full
        }

        Watch(_stream);
        Answer(shard: 0, sequence: 1, batch: 0);
        Pass(shard: 0, id: 1);
        Answer(shard: 0, sequence: 1, batch: 1);
        await ExpectTerminatedAsync(_stream);
        Assert.Equal(1, Ended(StreamEnd.SlowReader));
        await _agent.Completed;
    }

    private void Start(bool mayReopen = true, bool takesMany = false)
    {
        var hello = new AgentHello(_source, TimeSpan.FromSeconds(5), mayReopen, takesMany);
        var (agent, inFlight, metrics, directory) = (_agent, _inFlight, _metrics, _directory.Directory);
        var refusals = new Refusals(metrics);
        var (region, grants, time) = (_region.Ref, CreateTestProbe("grants").Ref, _time);
        _stream = Sys.ActorOf(Props.Create(() =>
            new StreamActor(hello, Settings, region, agent, inFlight, refusals, metrics, directory, grants, time)));
    }

    /// <summary>Welcomed, and both shards have said what they hold.</summary>
    private async Task BeginAsync(bool mayReopen = true)
    {
        Start(mayReopen);
        await ClaimAsync();
        Grant();
        await NextAsync();
        await NextAsync();
        for (var shard = 0; shard < Shards; shard++)
        {
            await OpenedAsync();
            Answer(shard, sequence: 0, batch: 0);
            await HeldAsync();
        }
    }

    private async Task<(string, Source)> ClaimAsync()
    {
        var envelope = await _region.ExpectMsgAsync<NodeEnvelope>();
        return (envelope.NodeName, envelope.Message.Source);
    }

    private void Grant() => _stream.Tell(new NodeAnswer("node-a", NodeVerdict.Granted), _keeper);

    private async Task<int> OpenedAsync()
    {
        var envelope = await _region.ExpectMsgAsync<LedgerEnvelope>();
        Assert.Equal(_source, Assert.IsType<OpenSource>(envelope.Message).Source);
        return envelope.Shard;
    }

    private async Task<TakeBatch> TakenAsync() => Assert.IsType<TakeBatch>((await _region.ExpectMsgAsync<LedgerEnvelope>()).Message);

    private async Task<(ulong Id, ulong History)> TakenOfAsync()
    {
        var taken = await TakenAsync();
        return (taken.Id, taken.History);
    }

    private void Pass(int shard, ulong id, uint opening = 0)
    {
        _inFlight.TryBegin(shard, opening, id);
        _stream.Tell(new AgentBatches([new AgentBatch(shard, id, opening, Watermark: id, new CheckedBatch([], []))]));
    }

    private void Answer(int shard, ulong sequence, ulong batch, ulong history = 11) =>
        _stream.Tell(new ShardHeld(shard, _source, sequence, batch) { History = history }, _ledgers[shard]);

    private async Task<FromAggregator> NextAsync() => await _agent.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private async Task<(uint Shard, ulong Sequence, ulong Batch, uint Opening)> HeldAsync()
    {
        var next = await NextAsync();
        while (next.Waiting is not null)
        {
            next = await NextAsync(); // time has passed
        }

        var held = next.Held;
        return (held.Shard, held.Sequence, held.BatchId, held.Opening);
    }

    private async Task<string> UnavailableAsync()
    {
        var refused = (await NextAsync()).Refused;
        Assert.Equal(RefusalKind.RefusalUnavailable, refused.Kind);
        await ExpectEndAsync();
        return refused.Reason;
    }

    private async Task ExpectEndAsync() => Assert.False(await _agent.Reader.WaitToReadAsync(TestContext.Current.CancellationToken));

    private double Ended(string? reason = null) =>
        (reason is null ? StreamEnd.All : [reason]).Sum(label => _metrics.StreamsEnded.WithLabels(label).Value);

    private async Task SettleAsync()
    {
        _stream.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
    }

    private async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        ((TestScheduler)Sys.Scheduler).Advance(time);
        await SettleAsync();
    }
}
