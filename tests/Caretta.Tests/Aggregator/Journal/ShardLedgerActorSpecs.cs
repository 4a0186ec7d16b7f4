using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

public sealed class ShardLedgerActorSpecs : TestKit
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private static readonly NetworkLink[] Links = [.. Traffic.LinksOfShard(JournalledShard.Number).Take(16)];

    private readonly JournalledShard _journalled;
    private readonly JournalGate _gate;
    private readonly Source _source = Traffic.Source();
    private readonly TestProbe _agent;
    private IActorRef _shard;
    private ulong _lastBatch;

    public ShardLedgerActorSpecs()
        : this(new JournalledShard())
    {
    }

    private ShardLedgerActorSpecs(JournalledShard journalled)
        : base(journalled.StartSystem())
    {
        _journalled = journalled;
        _gate = JournalGate.Of(Sys);
        _agent = CreateTestProbe("agent");
        _shard = _journalled.Start(Sys);
    }

    private long Events => _journalled.Ask("SELECT COUNT(*) FROM journal");

    private IActorRef LastLedger { get; set; } = Nobody.Instance;

    [Fact]
    public async Task An_acknowledgement_comes_only_after_the_journal_has_the_event()
    {
        var write = _gate.HoldNext();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await write.Arrived;

        // The ledger answers in order: an acknowledgement given before the write would come first.
        Assert.Equal(new ShardHeld(JournalledShard.Number, _source, Sequence: 0, BatchId: 0), await OpenAsync());
        await write.LetThroughAsync();
        Assert.Equal(new ShardHeld(JournalledShard.Number, _source, Sequence: 7, BatchId: 1), await AnswerAsync());
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task Totals_are_exported_only_after_the_journal_has_the_event()
    {
        var write = _gate.HoldNext();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await write.Arrived;
        await SettleAsync(Links[0]);
        Assert.Null(_journalled.Shown(Links[0]));

        await write.LetThroughAsync();
        await AnswerAsync();
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), _journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task What_was_acknowledged_is_back_after_a_restart_before_any_agent_speaks()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000), Traffic.Report(Links[1], sent: 20));
        await ReportAsync(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await RestartAsync();

        Assert.True(_journalled.Recovered.All);
        Assert.Equal(Traffic.Totals(1500), _journalled.Shown(Links[0])!.Totals);
        Assert.Equal(Traffic.Totals(20), _journalled.Shown(Links[1])!.Totals);
        Assert.Equal(8UL, (await OpenAsync()).Sequence);
    }

    [Fact]
    public async Task What_the_journal_failed_is_not_acknowledged_and_counts_when_it_comes_again()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Watch(await LedgerAsync());
        _gate.FailNext();
        Send(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await ExpectTerminatedAsync(LastLedger);
        Assert.Equal(1, _journalled.Metrics.PersistFailures.Value);

        Assert.Equal(7UL, (await OpenAsync()).Sequence); // the first word since: no acknowledgement came before
        await ReportAsync(watermark: 8, Traffic.Report(Links[0], sent: 1500));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1500), _journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_counts_once_when_it_comes_again()
    {
        Watch(await LedgerAsync());
        _gate.LoseNextAnswer();
        Send(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await ExpectTerminatedAsync(LastLedger);

        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), _journalled.Shown(Links[0])!.Totals);
        Assert.Equal(1, Events);
    }

    [Fact]
    public async Task What_comes_during_a_write_goes_into_the_next_event_together()
    {
        var write = _gate.HoldNext();
        Send(watermark: 1, Traffic.Report(Links[0], sent: 1));
        await write.Arrived;
        for (var number = 0; number < 5; number++)
        {
            Send(Traffic.Source($"node-{number}"), watermark: 1, Traffic.Report(Links[0], sent: 1), Traffic.Report(Links[1], sent: 1));
        }

        await SettleAsync(Links[1]); // so all links have decided
        await OpenAsync(Traffic.Source("another")); // and the ledger knows
        await write.LetThroughAsync();
        var answers = await AnswersAsync(6);
        Assert.Equal([1UL, 2UL, 3UL, 4UL, 5UL, 6UL], answers.Select(held => held.BatchId));
        Assert.Equal(2, Events);
        await SettleAsync(Links[0]);
        Assert.Equal(6UL, _journalled.Shown(Links[0])!.Totals.SentBytes);
    }

    [Fact]
    public async Task A_duplicate_is_acknowledged_and_changes_nothing()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(7UL, (await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000))).Sequence);
        await SettleAsync(Links[0]);

        Assert.Equal(Traffic.Totals(1000), _journalled.Shown(Links[0])!.Totals);
        Assert.Equal((1, 1D), (Events, _journalled.Metrics.BatchesDuplicate.Value));
    }

    [Fact]
    public async Task An_overtaken_batch_is_acknowledged_and_nothing_falls()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(7UL, (await ReportAsync(watermark: 3, Traffic.Report(Links[0], sent: 600))).Sequence);
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), _journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_source_is_told_what_the_journal_holds_of_it_and_of_no_other()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        var sameNode = _source with { Incarnation = Guid.NewGuid() };
        Assert.Equal(new ShardHeld(JournalledShard.Number, sameNode, Sequence: 0, BatchId: 0), await OpenAsync(sameNode));
        Assert.Equal(new ShardHeld(JournalledShard.Number, _source, Sequence: 7, BatchId: 0), await OpenAsync());
    }

    [Fact]
    public async Task A_ledger_that_holds_less_than_it_acknowledged_says_so_on_connect()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        Assert.Equal(9UL, (await ReportAsync(watermark: 9, Traffic.Report(Links[0], sent: 1000))).Sequence); // nothing new, so no event
        await RestartAsync();
        Assert.Equal(7UL, (await OpenAsync()).Sequence);
    }

    [Fact]
    public async Task Totals_of_two_sources_are_added_and_stay_added_after_a_restart()
    {
        await ReportAsync(Traffic.Source("node-b"), watermark: 1, Traffic.Report(Links[0], sent: 20));
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000) + Traffic.Totals(20), _journalled.Shown(Links[0])!.Totals);
    }

    [Fact]
    public async Task A_link_that_failed_gets_its_totals_back()
    {
        await ReportAsync(watermark: 7, Traffic.Report(Links[0], sent: 1000));
        _shard.Tell(new LinkEnvelope(Links[0].Id, new DecideReport(Token: 0, new Contributor(_source), Report: null!, Always: false)));
        await SettleAsync(Links[0]);
        Assert.Equal(Traffic.Totals(1000), _journalled.Shown(Links[0])!.Totals);
        Assert.Equal(1, _journalled.ShownLinks);
    }

    /// <summary>After everything told to the link so far; only for links without levels.</summary>
    private async Task SettleAsync(NetworkLink link)
    {
        var probe = CreateTestProbe();
        _shard.Tell(new LinkEnvelope(link.Id, new AskWhetherIdle()), probe);
        await probe.ExpectMsgAsync<LinkIsIdle>();
    }

    private void Send(ulong watermark, params IReadOnlyList<Report> reports) => Send(_source, watermark, reports);

    private void Send(Source source, ulong watermark, params IReadOnlyList<Report> reports) =>
        _shard.Tell(
            new LedgerEnvelope(JournalledShard.Number, new TakeBatch(source, PollInterval, ++_lastBatch, watermark, reports)), _agent);

    private Task<ShardHeld> ReportAsync(ulong watermark, params IReadOnlyList<Report> reports) => ReportAsync(_source, watermark, reports);

    /// <summary>Until it is acknowledged.</summary>
    private async Task<ShardHeld> ReportAsync(Source source, ulong watermark, params IReadOnlyList<Report> reports)
    {
        Send(source, watermark, reports);
        var held = await AnswerAsync();
        Assert.Equal(_lastBatch, held.BatchId);
        return held;
    }

    private async Task<ShardHeld> OpenAsync(Source? source = null)
    {
        _shard.Tell(new LedgerEnvelope(JournalledShard.Number, new OpenSource(source ?? _source, PollInterval)), _agent);
        return await AnswerAsync();
    }

    /// <summary>Ends the shard with all in it; what comes after knows only what the journal holds.</summary>
    private async Task RestartAsync()
    {
        Watch(_shard);
        Sys.Stop(_shard);
        await ExpectTerminatedAsync(_shard);
        _shard = _journalled.Start(Sys);
        _shard.Tell(new LedgerEnvelope(JournalledShard.Number, new WakeLedger()));
        await OpenAsync(Traffic.Source("somebody")); // is answered once all links have their totals back
    }

    private async Task<IActorRef> LedgerAsync()
    {
        await OpenAsync();
        return LastLedger = _agent.LastSender;
    }

    private async Task<List<ShardHeld>> AnswersAsync(int count)
    {
        var answers = new List<ShardHeld>();
        while (answers.Count < count)
        {
            answers.Add(await AnswerAsync());
        }

        return answers;
    }

    private async Task<ShardHeld> AnswerAsync() => await _agent.ExpectMsgAsync<ShardHeld>();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _journalled.Dispose();
    }
}
