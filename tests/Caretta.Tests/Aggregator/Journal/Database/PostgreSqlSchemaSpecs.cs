using Caretta.Aggregator;
using Caretta.Aggregator.Journal.Database;
using Caretta.TestServers;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Journal.Database;

/// <summary>What the program makes, checks and refuses in a database before it joins anybody.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PostgreSqlSchemaSpecs(SharedPostgres postgres)
{
    private readonly PostgresServer _server = postgres.Server;
    private readonly string _database = PostgresUnderTest.NewName();

    [Fact]
    public async Task Members_that_start_at_one_time_make_one_schema_and_agree_on_the_journals_id()
    {
        var to = await _server.CreateDatabaseAsync(_database);
        var members = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostgresUnderTest.OpenAsync(to)));
        var identities = await Task.WhenAll(members.Select(member => member.Database.Ready));

        var identity = Assert.Single(identities.Distinct());
        Assert.Matches("^[0-9a-f]{32}$", identity.Id);
        Assert.True(identity.Shared);
        Assert.All(members, member => member.Dispose());
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_refused_with_cause_and_remedy()
    {
        await MakeAsync();
        await AskAsync("UPDATE caretta.caretta SET value = '7' WHERE name = 'schema_version'");
        var refusal = await RefusedAsync();
        Assert.Contains("schema version 7", refusal, StringComparison.Ordinal);
        Assert.Contains("Run the version that wrote it", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_another_shard_count_is_refused_and_stays_as_it_is()
    {
        await MakeAsync();
        await AskAsync("UPDATE caretta.caretta SET value = '32' WHERE name = 'shard_count'");
        Assert.Contains("32 shards; this version has 64", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal("32", await AskAsync("SELECT value FROM caretta.caretta WHERE name = 'shard_count'"));
    }

    [Fact]
    public async Task A_journal_whose_second_writer_would_not_be_refused_is_refused_itself()
    {
        await MakeAsync();
        await AskAsync("ALTER TABLE caretta.journal DISABLE TRIGGER journal_writer");
        Assert.Contains("ENABLE TRIGGER journal_writer", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_create_in_the_database_makes_everything_itself()
    {
        await _server.AskAsync("CREATE ROLE maker LOGIN");
        await _server.CreateDatabaseAsync(_database);
        await _server.AskAsync($"REVOKE ALL ON DATABASE {_database} FROM PUBLIC; GRANT CONNECT, CREATE ON DATABASE {_database} TO maker");
        using var member = await PostgresUnderTest.OpenAsync(_server.ConnectionString(_database, "maker"));
        Assert.Equal("maker", await AskAsync("SELECT tableowner::text FROM pg_tables WHERE schemaname = 'caretta' AND tablename = 'journal'"));
    }

    [Fact]
    public async Task A_role_that_may_create_nothing_is_told_what_to_grant_and_works_on_a_schema_made_beforehand()
    {
        await _server.AskAsync("CREATE ROLE writer LOGIN");
        await _server.CreateDatabaseAsync(_database);
        await _server.AskAsync("REVOKE ALL ON SCHEMA public FROM PUBLIC", _database);
        Assert.Contains($"GRANT CREATE ON DATABASE {_database} TO writer;", await RefusedAsync("writer"), StringComparison.Ordinal);

        await AskAsync(PostgreSqlSchema.Script);
        string[] grants =
        [
            "GRANT USAGE ON SCHEMA caretta TO writer;",
            "GRANT SELECT, INSERT ON caretta.caretta TO writer;",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON caretta.journal TO writer;",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON caretta.snapshot TO writer;",
            "GRANT SELECT, DELETE ON caretta.tags TO writer;",
        ];
        foreach (var grant in grants)
        {
            Assert.Contains(grant, await RefusedAsync("writer"), StringComparison.Ordinal);
            await AskAsync(grant);
        }

        using var shard = new JournalledShard(await PostgresUnderTest.OpenAsync(_server.ConnectionString(_database, "writer")));
        await LeastPrivilegeLedger.WorksAsync(shard);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_refused_and_named()
    {
        Assert.Contains($"There is no database {_database}", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_comes_from_its_file_for_each_new_connection_and_no_message_tells_it()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "password");
        await _server.AskAsync($"CREATE ROLE {PostgresServer.RoleWithPassword} LOGIN PASSWORD 'first'");
        var to = await _server.CreateDatabaseAsync(_database, PostgresServer.RoleWithPassword);
        await File.WriteAllTextAsync(file, "wr0ng\n", TestContext.Current.CancellationToken);
        var refusal = await RefusedAsync(PostgresServer.RoleWithPassword, file);
        Assert.Contains("PostgreSqlPasswordFile", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", refusal, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, "first\n", TestContext.Current.CancellationToken);
        using var member = await PostgresUnderTest.OpenAsync(to, file);
        await _server.AskAsync($"ALTER ROLE {PostgresServer.RoleWithPassword} PASSWORD 'second'");
        await File.WriteAllTextAsync(file, "second", TestContext.Current.CancellationToken);
        await _server.AskAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{PostgresServer.RoleWithPassword}'");
        using var next = await PostgresUnderTest.OpenAsync(to, file);
        Assert.Equal(await member.Database.Ready, await next.Database.Ready);
    }

    private async Task MakeAsync()
    {
        using var member = await PostgresUnderTest.OpenAsync(await _server.CreateDatabaseAsync(_database));
    }

    /// <returns>The message.</returns>
    private async Task<string> RefusedAsync(string user = PostgresServer.Superuser, string passwordFile = "")
    {
        using var member = await PostgresUnderTest.StartAsync(_server.ConnectionString(_database, user), passwordFile);
        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => member.Database.Ready);
        return refusal.Message;
    }

    private Task<object?> AskAsync(string sql) => _server.AskAsync(sql, _database);
}
