using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal;

/// <summary>A watermark builds on what a ledger said; another one, recovered from an earlier journal, must not believe it.</summary>
public sealed class LedgerLifeSpecs : LedgerTestKit
{
    [Fact]
    public async Task A_batch_that_builds_on_the_word_of_another_life_is_taken_and_its_watermark_is_not()
    {
        var first = await OpenAsync();
        await RestartAsync();
        var late = await SendAsync(id: 1, watermark: 7, first.Life);
        Assert.Equal((1UL, 0UL), (late.BatchId, late.Sequence));
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);

        var second = await OpenAsync();
        Assert.NotEqual(first.Life, second.Life);
        Assert.Equal(7UL, (await SendAsync(id: 2, watermark: 7, second.Life)).Sequence);
    }

    [Fact]
    public async Task An_older_members_batch_says_no_life_and_is_believed() =>
        Assert.Equal(7UL, (await SendAsync(id: 1, watermark: 7, life: 0)).Sequence);

    private async Task<ShardHeld> SendAsync(ulong id, ulong watermark, ulong life)
    {
        var take = new TakeBatch(Source, TimeSpan.FromSeconds(5), id, watermark, [Traffic.Report(Links[0], sent: 1000)]) { Life = life };
        Shard.Tell(new LedgerEnvelope(JournalledShard.Number, take), Agent);
        var held = await AnswerAsync();
        await SettleAsync(Links[0]);
        return held;
    }
}
