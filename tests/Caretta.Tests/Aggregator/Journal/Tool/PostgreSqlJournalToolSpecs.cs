using Caretta.Aggregator;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Journal.Tool;
using Caretta.Aggregator.Links;
using Caretta.TestServers;
using Caretta.Tests.Aggregator.Fakes;
using Npgsql;

namespace Caretta.Tests.Aggregator.Journal.Tool;

[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlJournalToolSpecs : JournalToolSpecs
{
    private readonly PostgresServer _server;
    private readonly PostgresPlace _place;

    public PostgreSqlJournalToolSpecs(SharedPostgres postgres)
        : this(postgres.Server, new PostgresPlace(postgres.Server))
    {
    }

    private PostgreSqlJournalToolSpecs(PostgresServer server, PostgresPlace place)
        : base(place, new PostgresPlace(server)) => (_server, _place) = (server, place);

    private AggregatorOptions Options => new() { Journal = JournalKind.PostgreSql, PostgreSql = _place.ConnectionString };

    [Fact]
    public async Task A_member_that_starts_meanwhile_waits_until_the_journal_was_changed()
    {
        await FillAsync(Journal);
        var writer = await PostgreSqlWriter.OpenAsync(Options, Cancel);
        using var member = await PostgresUnderTest.StartAsync(_place.ConnectionString);
        while (await _server.AskAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") is 0L)
        {
            Assert.False(member.Database.Ready.IsCompleted);
        }

        await using (var transaction = await writer.BeginAsync(Cancel))
        {
            await writer.Tables.AppendAsync("shard-6", 1, [], "links-expired-1", 7117, DateTimeOffset.UnixEpoch, Cancel);
            await transaction.CommitAsync(Cancel);
        }

        Assert.False(member.Database.Ready.IsCompleted);
        await writer.DisposeAsync();
        await member.Database.Ready;
    }

    [Fact]
    public async Task A_member_is_known_also_by_a_name_of_its_own_and_another_tool_by_the_lock()
    {
        await FillAsync(Journal);
        using (await PostgresUnderTest.OpenAsync(_place.ConnectionString + ";Application Name=blue"))
        {
            Assert.Contains("connected is caretta-aggregator/blue", await RefusedAsync(Journal, "purge", "17"), StringComparison.Ordinal);
        }

        await using var writer = await PostgreSqlWriter.OpenAsync(Options, Cancel);
        Assert.Contains("another import or purge", await RefusedAsync(Journal, "purge", "17"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_committed_when_the_tool_died_is_not_there()
    {
        await FillAsync(Journal);
        await using (var writer = await PostgreSqlWriter.OpenAsync(Options, Cancel))
        {
            await writer.BeginAsync(Cancel);
            await writer.Tables.AppendAsync("shard-5", 4, [], "links-expired-1", 7117, DateTimeOffset.UnixEpoch, Cancel);
        }

        Assert.Contains("3 events and 0 snapshots up to 3", await RunAsync(Journal, 0, "verify"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_killed_half_way_has_whole_shards_done_and_a_merge_completes_it()
    {
        const int shards = 8;
        var file = await MakeExportAsync("many", Enumerable.Range(0, shards).Select(shard => (shard, Snapshot(shard))));
        await (await PostgreSqlWriter.OpenAsync(Options, Cancel)).DisposeAsync(); // so that there is a schema
        await using (var other = new NpgsqlConnection(_place.ConnectionString + ";Pooling=false"))
        {
            await other.OpenAsync(Cancel);
            await using var holding = await other.BeginTransactionAsync(Cancel); // who writes the sixth shard waits for it
            await using var hold = new NpgsqlCommand("INSERT INTO caretta.head VALUES ('shard-5', 0)", other, holding);
            await hold.ExecuteNonQueryAsync(Cancel);
            using var importing = AggregatorProcess.Start(["journal", "import", file, .. Journal.Switches]);
            while (Journal.Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
            {
                Assert.False(importing.HasExited, "It came to its end.");
            }

            importing.Kill();
            await importing.WaitForExitAsync(Cancel);
        }

        while (Journal.Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'caretta-journal%'") > 0)
        {
            Cancel.ThrowIfCancellationRequested();
        }

        Assert.Equal(5, Rows(Journal));
        await RunAsync(Journal, 0, "verify");
        Assert.Contains("--merge adds the file to it", await RefusedAsync(Journal, "import", file), StringComparison.Ordinal);
        Assert.Contains("8 links read, 3 shards changed", await RunAsync(Journal, 0, "import", "--merge", file), StringComparison.Ordinal);
        await RunAsync(Another, 0, "import", file);
        Assert.Equal(await ContentsAsync(Another), await ContentsAsync(Journal));
    }

    private static ShardSnapshot Snapshot(int shard) => new(
        [new StoredLink(Traffic.LinksOfShard(shard).First(), Expired: false, [new(new Contributor(NodeA), Traffic.Totals(100))])], [new(NodeA, 1)]);

    [Fact]
    public async Task A_role_that_may_not_read_head_is_told_so_and_the_rest_is_verified()
    {
        await FillAsync(Journal);
        await _server.AskAsync("CREATE ROLE reader LOGIN");
        Journal.Ask("GRANT USAGE ON SCHEMA caretta TO reader; GRANT SELECT ON caretta.caretta, caretta.journal, caretta.snapshot TO reader");
        var output = new StringWriter();
        string[] args = ["journal", "verify", "--journal=PostgreSql", "--postgre-sql", _place.ConnectionString.Replace("Username=postgres", "Username=reader", StringComparison.Ordinal)];
        Assert.Equal(0, await JournalCommand.RunAsync(args, output, output, Cancel));
        Assert.Contains("shard-5: ok", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("GRANT SELECT ON caretta.head TO reader;", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_a_journal_or_out_of_reach_is_named_and_no_secret_is()
    {
        Assert.Contains("There is no journal in", await RefusedAsync(Journal, "list"), StringComparison.Ordinal);
        string[] nowhere = ["journal", "list", "--journal=PostgreSql", "--postgre-sql=Host=127.0.0.1;Port=1;Database=d;Username=u"];
        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => JournalCommand.RunAsync(nowhere, TextWriter.Null, TextWriter.Null, Cancel));
        Assert.Contains("127.0.0.1:1/d cannot be used", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_of_members_and_of_the_tool_are_told_apart_by_name()
    {
        Assert.Equal("caretta-aggregator", PostgreSqlConnections.Settings(_place.ConnectionString).ApplicationName);
        Assert.Equal("caretta-journal/x", PostgreSqlConnections.ToolSettings(_place.ConnectionString + ";Application Name=x").ApplicationName);
    }
}
