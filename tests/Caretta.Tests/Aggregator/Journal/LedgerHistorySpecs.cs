using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>A watermark builds on what a ledger said it holds; one whose journal has another history must not believe it.</summary>
public sealed class LedgerHistorySpecs : LedgerTestKit
{
    private ulong _batch;

    [Fact]
    public async Task A_batch_that_builds_on_another_history_is_taken_and_its_watermark_is_not()
    {
        await SendAsync(watermark: 1, sent: 10, History.Nothing);
        var late = await SendAsync(watermark: 7, sent: 1000, history: 12345);
        Assert.Equal(1UL, late.Sequence);
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(7UL, (await SendAsync(watermark: 7, sent: 1000, late.History)).Sequence);
    }

    [Fact]
    public async Task A_ledger_that_began_anew_has_the_history_it_had()
    {
        var first = await SendAsync(watermark: 1, sent: 10, History.Nothing);
        await RestartAsync();
        Assert.Equal(first.History, (await OpenAsync()).History);
        Assert.Equal(7UL, (await SendAsync(watermark: 7, sent: 1000, first.History)).Sequence);
    }

    [Fact]
    public async Task A_snapshot_keeps_the_history()
    {
        Journalled.Settings = Journalled.Settings with { SnapshotEvery = 1 };
        await RestartAsync();
        await SendAsync(watermark: 1, sent: 10, History.Nothing);
        var last = await SendAsync(watermark: 2, sent: 20, History.Nothing);
        await EventuallyAsync(() => Journalled.Metrics.Snapshots.Value > 1);
        await RestartAsync();
        Assert.Equal(last.History, (await OpenAsync()).History);
    }

    [Fact]
    public async Task An_older_members_batch_says_no_history_and_is_believed()
    {
        await SendAsync(watermark: 1, sent: 10, History.Nothing);
        Assert.Equal(7UL, (await SendAsync(watermark: 7, sent: 1000, History.Nothing)).Sequence);
    }

    private async Task<ShardHeld> SendAsync(ulong watermark, ulong sent, ulong history)
    {
        var take = new TakeBatch(Source, TimeSpan.FromSeconds(5), ++_batch, watermark, [Traffic.Report(Links[0], sent)]) { History = history };
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, take), Agent);
        var held = await AnswerAsync();
        Assert.Equal(_batch, held.BatchId);
        await SettleAsync(Links[0]);
        return held;
    }
}
