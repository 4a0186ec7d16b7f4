using System.Data.Common;
using System.Globalization;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>The journal's tables, in either database.</summary>
/// <param name="prefix">Of the tables' names: the schema with its dot, or nothing.</param>
internal sealed class JournalTables(DbConnection connection, string prefix)
{
    private string Journal => prefix + "journal";

    private string Snapshot => prefix + "snapshot";

    private string Head => prefix + "head";

    /// <summary>What the journal says of itself.</summary>
    public async Task<string?> ValueAsync(string name, CancellationToken cancel)
    {
        await using var question = Command($"SELECT value FROM {prefix}caretta WHERE name = @name", ("name", name));
        return await question.ExecuteScalarAsync(cancel) as string;
    }

    public async Task<IReadOnlyList<string>> LedgersAsync(bool withHeads, CancellationToken cancel)
    {
        var heads = withHeads ? $" UNION SELECT persistence_id FROM {Head}" : "";
        await using var question = Command($"SELECT persistence_id FROM {Journal} UNION SELECT persistence_id FROM {Snapshot}{heads}");
        await using var reader = await question.ExecuteReaderAsync(cancel);
        var ledgers = new List<string>();
        while (await reader.ReadAsync(cancel))
        {
            ledgers.Add(reader.GetString(0));
        }

        return [.. ledgers.OrderBy(ledger => ShardReading.ShardOf(ledger) ?? int.MaxValue).ThenBy(ledger => ledger, StringComparer.Ordinal)];
    }

    /// <param name="everyRow">Also those that a recovery would not read.</param>
    public async Task<LedgerReading> ReadAsync(string ledger, bool everyRow, CancellationToken cancel)
    {
        var reading = LedgerReading.For(ledger);
        var last = everyRow ? 0 : await NumberAsync($"SELECT MAX(sequence_number) FROM {Snapshot} WHERE persistence_id = @ledger", ledger, cancel) ?? 0;
        var snapshots = $"SELECT sequence_number, snapshot, manifest, serializer_id, 1 = 0 FROM {Snapshot}";
        await foreach (var row in RowsAsync(snapshots, "sequence_number >= @after", ledger, last, cancel))
        {
            reading.Snapshot(row);
        }

        var events = $"SELECT sequence_number, message, manifest, identifier, deleted FROM {Journal}";
        await foreach (var row in RowsAsync(events, "sequence_number > @after", ledger, last, cancel))
        {
            reading.Event(row);
        }

        return reading;
    }

    public Task<long?> HeadAsync(string ledger, CancellationToken cancel) =>
        NumberAsync($"SELECT sequence_number FROM {Head} WHERE persistence_id = @ledger", ledger, cancel);

    public async Task AppendAsync(string ledger, long sequence, byte[] bytes, string manifest, int serializer, DateTimeOffset at, CancellationToken cancel)
    {
        await using var insert = Command(
            $"INSERT INTO {Journal} (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
                + "VALUES (@created, FALSE, @ledger, @sequence, @bytes, @manifest, @serializer, 'journal-tool')",
            ("created", at.ToUnixTimeMilliseconds()),
            ("ledger", ledger),
            ("sequence", sequence),
            ("bytes", bytes),
            ("manifest", manifest),
            ("serializer", serializer));
        await insert.ExecuteNonQueryAsync(cancel);
    }

    private static LedgerRow Row(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetValue(1) as byte[],
        row.IsDBNull(2) ? null : row.GetString(2),
        row.IsDBNull(3) ? null : row.GetInt32(3),
        Convert.ToBoolean(row.GetValue(4), CultureInfo.InvariantCulture));

    private async IAsyncEnumerable<LedgerRow> RowsAsync(
        string select, string range, string ledger, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var question = Command(
            $"{select} WHERE persistence_id = @ledger AND {range} ORDER BY sequence_number", ("ledger", ledger), ("after", after));
        await using var reader = await question.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return Row(reader);
        }
    }

    private async Task<long?> NumberAsync(string sql, string ledger, CancellationToken cancel)
    {
        await using var question = Command(sql, ("ledger", ledger));
        return await question.ExecuteScalarAsync(cancel) is long number ? number : null;
    }

    private DbCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // names of tables, all of them ours
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
