using System.Data.Common;
using Caretta.Aggregator.Shards;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>A member that was stopped, and does not know that its shard has another owner now.</summary>
public class SecondWriterSpecs : LedgerTestKit
{
    private const int SnapshotEvery = 3;

    public SecondWriterSpecs()
        : this(new SqliteUnderTest())
    {
    }

    private protected SecondWriterSpecs(IJournalUnderTest journal)
        : base(journal) => Journalled.Settings = Journalled.Settings with { SnapshotEvery = SnapshotEvery };

    [Fact]
    public async Task It_is_refused_after_its_events_were_snapshotted_and_deleted_and_what_it_held_counts_after_it_recovered()
    {
        await RestartAsync();
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 100));
        var (zombie, itsMetrics) = (Shard, Journalled.Metrics);
        var ledger = await WatchLedgerAsync();
        await TakeOverAsync();
        for (var watermark = 2UL; watermark <= 1 + (3 * SnapshotEvery); watermark++)
        {
            await ReportAsync(watermark, Traffic.Report(Links[0], watermark * 100));
        }

        await EventuallyAsync(() => Journalled.Ask("SELECT MIN(sequence_number) FROM journal") > 2);

        zombie.Tell(Batch(id: 900, watermark: 11, Links[1], sent: 7), Agent);
        await ExpectTerminatedAsync(ledger);
        await EventuallyAsync(() => itsMetrics.WritersRefused.Value > 0);
        Assert.Equal(10, Journalled.Ask("SELECT MAX(sequence_number) FROM journal"));

        zombie.Tell(Batch(id: 901, watermark: 11, Links[1], sent: 7), Agent);
        var held = await AnswerAsync();
        Assert.Equal((901UL, 11UL), (held.BatchId, held.Sequence));
        await RestartAsync();
        Assert.Equal(Traffic.Totals(1000), Journalled.Shown(Links[0])!.Totals);
        Assert.Equal(Traffic.Totals(7), Journalled.Shown(Links[1])!.Totals);
        Assert.Equal(11UL, (await OpenAsync()).Sequence);
    }

    [Theory]
    [InlineData(1)] // long deleted
    [InlineData(10)] // the last one written
    [InlineData(12)] // one too far
    public async Task A_row_that_does_not_follow_on_the_last_one_is_refused_by_the_database_itself(int sequence)
    {
        await RestartAsync();
        for (var watermark = 1UL; watermark <= 10; watermark++)
        {
            await ReportAsync(watermark, Traffic.Report(Links[0], watermark * 100));
        }

        await EventuallyAsync(() => Journalled.Ask("SELECT MIN(sequence_number) FROM journal") > 1);
        Assert.ThrowsAny<DbException>(() => Insert($"'shard-5', {sequence}"));
        Insert("'shard-5', 11");
        Assert.Equal(11, Journalled.Ask("SELECT MAX(sequence_number) FROM journal"));
    }

    [Fact]
    public void Rows_of_one_statement_must_follow_on_each_other_and_one_that_does_not_takes_all_with_it()
    {
        Insert("'a', 1", "'b', 1", "'a', 2", "'a', 3");
        Assert.ThrowsAny<DbException>(() => Insert("'b', 2", "'a', 5", "'b', 3"));
        Insert("'b', 2", "'a', 4");
        Assert.Equal(6, Journalled.Ask("SELECT COUNT(*) FROM journal"));
    }

    private LedgerEnvelope Batch(ulong id, ulong watermark, Caretta.Messages.NetworkLink link, ulong sent) => new(
        JournalledShard.Number, new TakeBatch(Source, TimeSpan.FromSeconds(5), id, watermark, [Traffic.Report(link, sent)]));

    private void Insert(params string[] rows) => Journalled.Ask(
        "INSERT INTO journal (persistence_id, sequence_number, created, deleted, message) VALUES "
        + string.Join(", ", rows.Select(row => $"({row}, 0, FALSE, '')")) + " RETURNING 1");
}
