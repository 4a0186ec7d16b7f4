using Akka.Actor;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>Everything a ledger ever asks of its database: write, snapshot, delete, recover.</summary>
internal static class LeastPrivilegeLedger
{
    public static async Task WorksAsync(JournalledShard journalled)
    {
        journalled.Settings = journalled.Settings with { SnapshotEvery = 2 };
        using var system = journalled.StartSystem("");
        var (shard, source, link) = (journalled.Start(system), Traffic.Source(), Traffic.LinksOfShard(JournalledShard.Number).First());
        for (var watermark = 1UL; watermark <= 6; watermark++)
        {
            var batch = new TakeBatch(source, TimeSpan.FromSeconds(5), watermark, watermark, [Traffic.Report(link, watermark * 100)]);
            var held = await shard.Ask<ShardHeld>(new LedgerEnvelope(JournalledShard.Number, batch), TestContext.Current.CancellationToken);
            Assert.Equal(watermark, held.Sequence);
        }

        while (journalled.Metrics.EventDeletions.Value == 0 || journalled.Metrics.Snapshots.Value < 3) // else xunit's watch on long runs tells
        {
            await Task.Yield();
        }

        await shard.GracefulStop(TimeSpan.FromMinutes(1));
        var open = new LedgerEnvelope(JournalledShard.Number, new OpenSource(source, TimeSpan.FromSeconds(5)));
        Assert.Equal(6UL, (await journalled.Start(system).Ask<ShardHeld>(open, TestContext.Current.CancellationToken)).Sequence);
        Assert.Equal(0, journalled.Metrics.PersistFailures.Value);
    }
}
