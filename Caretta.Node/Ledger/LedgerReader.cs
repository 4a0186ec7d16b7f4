using System.Runtime.InteropServices;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Microsoft.Data.Sqlite;

namespace Caretta.Node.Ledger;

/// <summary>Reads the whole ledger back.</summary>
internal static class LedgerReader
{
    private const string LinkSql =
        "SELECT row, client_namespace, client_kind, client_name, client_owner, server_namespace, server_kind, server_name, server_owner, "
        + $"server_port, role, sequence, levels, {LedgerSchema.Totals} FROM link ORDER BY row";

    private const string WaitingSql = $"SELECT row, ends, first_ms, last_ms, {LedgerSchema.Totals} FROM waiting ORDER BY row";

    /// <summary>Null if nothing was ever committed.</summary>
    public static LedgerContents? Read(SqliteConnection connection, BootClock clock)
    {
        // One transaction, so that a look at the ledger of a running agent sees one moment of it.
        using var transaction = connection.BeginTransaction(deferred: true);
        var identity = ReadAll(connection, "SELECT * FROM identity", ReadIdentity);
        var version = LedgerSchema.ReadVersion(connection);
        return identity is not [var only]
            ? null
            : new LedgerContents(
                only,
                ReadAll(connection, $"SELECT row, key, born_ns, leaving, {LedgerSchema.Totals} FROM flow", ReadFlow),
                ReadAll(connection, LinkSql, ReadLink),
                ReadAll(connection, "SELECT account FROM carried", row => Struct<SocketAccount>(row, 0)))
            {
                // Who only looks at a file of an older version does not add the tables.
                Waiting = version < 2 ? [] : ReadAll(connection, WaitingSql, row => ReadWaiting(row, clock)),
                Epochs = version < 3 ? [] : ReadAll(connection, "SELECT id, sequence FROM epoch ORDER BY row", ReadEpoch),
            };
    }

    private static List<T> ReadAll<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static LedgerIdentity ReadIdentity(SqliteDataReader row) =>
        new(row.GetString(1), new Guid((byte[])row[2]), row.GetString(3), new Guid((byte[])row[4]), Unsigned(row, 5))
        {
            Detached = row.GetInt64(6) != 0,
            AdoptBornUntilNs = Unsigned(row, 7),
            AdoptReason = (LossReason)row.GetInt32(8),
            LastPoll = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        };

    private static LedgerContents.FlowRow ReadFlow(SqliteDataReader row) =>
        new(row.GetInt64(0), Struct<FlowKey>(row, 1), Unsigned(row, 2), row.GetInt64(3) != 0, ReadTotals(row, 4));

    private static LedgerContents.LinkRow ReadLink(SqliteDataReader row)
    {
        var client = new Workload(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4));
        var server = new Workload(row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8));
        var link = new NetworkLink(client, server, (ushort)row.GetInt32(9), (Role)row.GetInt32(10));
        return new LedgerContents.LinkRow(row.GetInt64(0), link, Unsigned(row, 11), ReadTotals(row, 13), LevelsBlob.Read((byte[])row[12]));
    }

    private static LedgerContents.WaitRow ReadWaiting(SqliteDataReader row, BootClock clock) => new(
        row.GetInt64(0),
        LinkEndsBlob.Read((byte[])row[1]),
        clock.ToMonotonicNs(row.GetInt64(2)),
        clock.ToMonotonicNs(row.GetInt64(3)),
        ReadTotals(row, 4));

    private static LedgerEpoch ReadEpoch(SqliteDataReader row) => new(Unsigned(row, 0), Unsigned(row, 1));

    private static LinkTotals ReadTotals(SqliteDataReader row, int first) => new(
        Unsigned(row, first),
        Unsigned(row, first + 1),
        Unsigned(row, first + 2),
        Unsigned(row, first + 3),
        Unsigned(row, first + 4),
        Unsigned(row, first + 5),
        Unsigned(row, first + 6),
        Unsigned(row, first + 7),
        Unsigned(row, first + 8),
        Unsigned(row, first + 9),
        Unsigned(row, first + 10));

    private static ulong Unsigned(SqliteDataReader row, int column) => unchecked((ulong)row.GetInt64(column));

    private static T Struct<T>(SqliteDataReader row, int column)
        where T : struct => MemoryMarshal.Read<T>((byte[])row[column]);
}
