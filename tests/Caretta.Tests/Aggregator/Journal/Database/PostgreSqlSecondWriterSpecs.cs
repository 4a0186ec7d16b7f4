using Caretta.Aggregator.Journal.Database;
using Caretta.Tests.Aggregator.Fakes;
using Npgsql;

namespace Caretta.Tests.Aggregator.Journal.Database;

[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlSecondWriterSpecs : SecondWriterSpecs
{
    private readonly PostgresUnderTest _journal;

    public PostgreSqlSecondWriterSpecs(SharedPostgres postgres)
        : this(PostgresUnderTest.Open(postgres.Server))
    {
    }

    private PostgreSqlSecondWriterSpecs(PostgresUnderTest journal)
        : base(journal) => _journal = journal;

    [Fact]
    public async Task A_writer_that_stands_still_within_a_transaction_does_not_hold_its_shard_for_ever()
    {
        await RestartAsync();
        await ReportAsync(watermark: 1, Traffic.Report(Links[0], sent: 100));
        // Who stands still sends no keepalive.
        await using var source = PostgreSqlConnections.Open(_journal.ConnectionString + ";Keepalive=0", passwordFile: "");
        await using var stopped = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var begun = await stopped.BeginTransactionAsync(TestContext.Current.CancellationToken);
        const string next = "INSERT INTO caretta.journal (persistence_id, sequence_number, created, deleted, message) VALUES ('shard-5', 2, 0, false, '')";
        await SayAsync(next);
        await SayAsync("SET idle_in_transaction_session_timeout = 0"); // not before somebody has waited for it

        var ledger = await WatchLedgerAsync();
        Send(watermark: 2, Traffic.Report(Links[0], sent: 200));
        await ExpectTerminatedAsync(ledger); // its write waited for the lock, and not without end

        await SayAsync("RESET idle_in_transaction_session_timeout"); // as the product's connections have it
        await EventuallyAsync(() => Journalled.Ask($"SELECT COUNT(*) FROM pg_stat_activity WHERE pid = {stopped.ProcessID}") == 0);
        await ReportAsync(watermark: 2, Traffic.Report(Links[0], sent: 200));
        Assert.Equal(2, Journalled.Ask("SELECT MAX(sequence_number) FROM journal"));
        await Assert.ThrowsAnyAsync<Exception>(() => begun.CommitAsync(TestContext.Current.CancellationToken));

        Task SayAsync(string sql) => new NpgsqlCommand(sql, stopped, begun).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
