using System.Globalization;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>Makes, migrates and checks the journal's tables. Several members may do so at one time: all of it happens under one lock.</summary>
internal sealed class PostgreSqlSchema(NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings)
{
    public const string Name = "caretta";
    public const int Version = 1;

    /// <summary>
    /// "caretta" in ASCII: locks of a database are numbers, and others may take some too. A member takes it when it starts, and who changes
    /// the journal while no member runs holds it.
    /// </summary>
    public const long Lock = 0x63617265747461;

    /// <summary>What the aggregator does, and nothing else.</summary>
    private static readonly (string Table, string[] Privileges)[] Needed =
    [
        ("caretta.caretta", ["SELECT", "INSERT"]),
        ("caretta.journal", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        ("caretta.snapshot", ["SELECT", "INSERT", "UPDATE", "DELETE"]),
        ("caretta.tags", ["SELECT", "DELETE"]),
    ];

    /// <summary>For an administrator whose aggregators may not create anything.</summary>
    public static string Script => $"CREATE SCHEMA {Name};\n\n{SchemaFile.Read("postgresql-1.sql")}\n{SchemaFile.Read("postgresql-writer.sql")}";

    /// <returns>The journal's id.</returns>
    /// <exception cref="StartRefusedException">Only an operator can mend it; the message says how.</exception>
    public async Task<string> PrepareAsync(int shardCount, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({Lock})"), cancel);
        await CheckServerAsync(cancel);
        if (!await IsTrueAsync($"SELECT to_regnamespace('{Name}') IS NOT NULL", cancel))
        {
            await MakeAsync($"CREATE SCHEMA {Name}", $"GRANT CREATE ON DATABASE {settings.Database} TO {settings.Username};", cancel);
        }

        if (!await IsTrueAsync($"SELECT has_schema_privilege('{Name}', 'USAGE')", cancel))
        {
            throw Refused($"Its schema {Name} may not be used. As its owner: GRANT USAGE ON SCHEMA {Name} TO {settings.Username};");
        }

        if (!await IsTrueAsync("SELECT to_regclass('caretta.caretta') IS NOT NULL", cancel))
        {
            await CreateTablesAsync(cancel);
        }

        await CheckPrivilegesAsync(cancel);
        await CheckVersionAsync(cancel);
        await CheckWriterAsync(cancel);
        var id = await AgreeAsync("journal_id", JournalIdentity.NewId(), cancel);
        await CheckShardsAsync(shardCount, cancel);
        await transaction.CommitAsync(cancel);
        return id;
    }

    private async Task CheckServerAsync(CancellationToken cancel)
    {
        if (connection.PostgreSqlVersion.Major < 11)
        {
            throw Refused($"PostgreSQL {connection.PostgreSqlVersion} is too old. Use 11 or later.");
        }

        if (await IsTrueAsync("SELECT pg_is_in_recovery()", cancel))
        {
            throw new NpgsqlException("The server is a standby and takes no writes"); // passes when it is promoted
        }
    }

    private async Task CreateTablesAsync(CancellationToken cancel)
    {
        var remedy = $"GRANT CREATE ON SCHEMA {Name} TO {settings.Username};";
        await MakeAsync(SchemaFile.Read("postgresql-1.sql"), remedy, cancel);
#if !MUTANT_ZOMBIE_WRITER_ACCEPTED
        await MakeAsync(SchemaFile.Read("postgresql-writer.sql"), remedy, cancel);
#endif
    }

    private async Task CheckPrivilegesAsync(CancellationToken cancel)
    {
        foreach (var (table, privileges) in Needed)
        {
            if (!await IsTrueAsync($"SELECT to_regclass('{table}') IS NOT NULL", cancel))
            {
                throw Refused($"The table {table} is missing. Restore a whole backup, or drop the schema {Name}: then a new journal begins.");
            }

            foreach (var privilege in privileges)
            {
                if (!await IsTrueAsync($"SELECT has_table_privilege('{table}', '{privilege}')", cancel))
                {
                    throw Refused(
                        $"The role {settings.Username} lacks {privilege} on {table}. As its owner: "
                        + $"GRANT {string.Join(", ", privileges)} ON {table} TO {settings.Username};");
                }
            }
        }
    }

    private async Task CheckVersionAsync(CancellationToken cancel)
    {
        var stored = await ValueAsync("schema_version", cancel);
        if (!int.TryParse(stored, CultureInfo.InvariantCulture, out var version) || version < 1)
        {
            throw Refused($"Its schema version is '{stored}', which no version wrote. Restore a whole backup.");
        }

        if (version > Version)
        {
            throw Refused(
                $"It has schema version {version}; this aggregator knows versions up to {Version}. Run the version that wrote it, or a newer one.");
        }
    }

    private async Task CheckWriterAsync(CancellationToken cancel)
    {
#if MUTANT_ZOMBIE_WRITER_ACCEPTED
        await Task.CompletedTask;
#else
        const string armed = """
            SELECT EXISTS (SELECT 1 FROM pg_trigger
                           WHERE tgrelid = 'caretta.journal'::regclass AND tgname = 'journal_writer' AND tgenabled IN ('O', 'A'))
            """;
        if (!await IsTrueAsync(armed, cancel))
        {
            throw Refused(
                "Its trigger journal_writer is missing or disabled, and without it two writers could spoil a shard. As the owner of caretta.journal: "
                + "ALTER TABLE caretta.journal ENABLE TRIGGER journal_writer; or create it anew as docs/operations.md says.");
        }
#endif
    }

    private async Task CheckShardsAsync(int shardCount, CancellationToken cancel)
    {
        var mine = shardCount.ToString(CultureInfo.InvariantCulture);
        var stored = await AgreeAsync("shard_count", mine, cancel);
        if (stored != mine)
        {
            throw Refused(
                $"It was begun with {stored} shards; this version has {mine}, and would not find its links. Run the version that wrote it, or begin a "
                + "new journal in another database.");
        }
    }

    /// <returns>The value stored, which is the given one if there was none.</returns>
    private async Task<string> AgreeAsync(string name, string value, CancellationToken cancel)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO caretta.caretta VALUES ($1, $2) ON CONFLICT DO NOTHING", connection);
        insert.Parameters.Add(new NpgsqlParameter { Value = name });
        insert.Parameters.Add(new NpgsqlParameter { Value = value });
        await insert.ExecuteNonQueryAsync(cancel);
        return (await ValueAsync(name, cancel))!;
    }

    private async Task<string?> ValueAsync(string name, CancellationToken cancel)
    {
        await using var question = new NpgsqlCommand("SELECT value FROM caretta.caretta WHERE name = $1", connection);
        question.Parameters.Add(new NpgsqlParameter { Value = name });
        return await question.ExecuteScalarAsync(cancel) as string;
    }

    private async Task MakeAsync(string sql, string grant, CancellationToken cancel)
    {
        try
        {
            await RunAsync(sql, cancel);
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Refused(
                $"Its tables are to be made, but {denied.MessageText}. As a role that may: {grant} Or make them yourself: "
                + "caretta-aggregator --journal-schema prints the commands.");
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> IsTrueAsync(string sql, CancellationToken cancel)
    {
        await using var question = new NpgsqlCommand(sql, connection);
        return await question.ExecuteScalarAsync(cancel) is true;
    }

    private StartRefusedException Refused(string why) => new($"The journal on {settings.Host}:{settings.Port}/{settings.Database} cannot be used. {why}");
}
