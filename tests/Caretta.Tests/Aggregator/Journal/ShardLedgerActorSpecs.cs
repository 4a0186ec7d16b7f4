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
        Assert.Equal(1, _journalled.Ask("SELECT COUNT(*) FROM journal"));
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

    private async Task<ShardHeld> OpenAsync(Source? source = null)
    {
        _shard.Tell(new LedgerEnvelope(JournalledShard.Number, new OpenSource(source ?? _source, PollInterval)), _agent);
        return await AnswerAsync();
    }

    private async Task<ShardHeld> AnswerAsync() => await _agent.ExpectMsgAsync<ShardHeld>();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _journalled.Dispose();
    }
}
