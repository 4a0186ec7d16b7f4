using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Caretta.Node.Ledger;

/// <summary>The tables of the ledger's file. A row of <c>flow</c> is of the boot and the kernel tables <c>identity</c> names.</summary>
internal static class LedgerSchema
{
    /// <summary>Tables and columns are only ever added; a file of a higher version is refused.</summary>
    public const int Version = 3;

    /// <summary>In the order of <see cref="Messages.LinkTotals"/>.</summary>
    public const string Totals = "sent, received, past_sent, past_received, opened, closed, failed, retransmitted, rtt_us, rtt_samples, lifetime_us";

    public const int TotalsCount = 11;

    private const string TotalsColumns = """
        sent INTEGER NOT NULL, received INTEGER NOT NULL, past_sent INTEGER NOT NULL, past_received INTEGER NOT NULL,
        opened INTEGER NOT NULL, closed INTEGER NOT NULL, failed INTEGER NOT NULL, retransmitted INTEGER NOT NULL,
        rtt_us INTEGER NOT NULL, rtt_samples INTEGER NOT NULL, lifetime_us INTEGER NOT NULL
        """;

    private const string Create = $"""
        BEGIN IMMEDIATE;
        CREATE TABLE identity (
            only INTEGER PRIMARY KEY CHECK (only = 1), node_name TEXT NOT NULL, incarnation BLOB NOT NULL, boot_id TEXT NOT NULL,
            table_id BLOB NOT NULL, sequence INTEGER NOT NULL, detached INTEGER NOT NULL, adopt_born_until_ns INTEGER NOT NULL,
            adopt_reason INTEGER NOT NULL, last_poll_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE flow (row INTEGER PRIMARY KEY, key BLOB NOT NULL, born_ns INTEGER NOT NULL, leaving INTEGER NOT NULL, {TotalsColumns}) STRICT;
        CREATE TABLE link (
            row INTEGER PRIMARY KEY, client_namespace TEXT NOT NULL, client_kind TEXT NOT NULL, client_name TEXT NOT NULL, client_owner TEXT NOT NULL,
            server_namespace TEXT NOT NULL, server_kind TEXT NOT NULL, server_name TEXT NOT NULL, server_owner TEXT NOT NULL,
            server_port INTEGER NOT NULL, role INTEGER NOT NULL, sequence INTEGER NOT NULL, {TotalsColumns}, levels BLOB NOT NULL) STRICT;
        CREATE TABLE carried (account BLOB NOT NULL) STRICT;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    private const string AddWaiting = $"""
        BEGIN IMMEDIATE;
        CREATE TABLE waiting (
            row INTEGER PRIMARY KEY, ends BLOB NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, {TotalsColumns}) STRICT;
        PRAGMA user_version = 2;
        COMMIT;
        """;

    /// <summary>The order of the rows is that of the epochs.</summary>
    private const string AddEpochs = """
        BEGIN IMMEDIATE;
        CREATE TABLE epoch (row INTEGER PRIMARY KEY, id INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;
        PRAGMA user_version = 3;
        COMMIT;
        """;

    public static void Prepare(SqliteConnection connection)
    {
        // Committed means on disk, and a page cache of 256 KiB is enough for a file that is written, hardly read.
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -256; PRAGMA temp_store = MEMORY;");
        var version = ReadVersion(connection);
        if (version > Version)
        {
            throw new BadStartException(
                string.Create(CultureInfo.InvariantCulture, $"The ledger {connection.DataSource} is of version {version}; this agent knows versions up to {Version}."),
                "Start the newer agent again, or move the file away to begin a new ledger.");
        }

        if (version == 0)
        {
            Execute(connection, Create);
        }

        if (version < 2)
        {
            Execute(connection, AddWaiting);
        }

        if (version < 3)
        {
            Execute(connection, AddEpochs);
        }
    }

    public static long ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
