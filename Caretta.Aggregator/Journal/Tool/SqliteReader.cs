using Microsoft.Data.Sqlite;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Takes no lock and changes nothing.</summary>
internal sealed class SqliteReader : IJournalReader
{
    private readonly SqliteConnection _connection;

    private SqliteReader(string path, SqliteConnection connection) =>
        (Name, _connection, Tables) = (path, connection, new JournalTables(connection, prefix: ""));

    public JournalTables Tables { get; }

    public string Name { get; }

    /// <exception cref="StartRefusedException">There is none, or it cannot be opened.</exception>
    public static async Task<SqliteReader> OpenAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, JournalFile.Name);
        if (!File.Exists(path))
        {
            throw new StartRefusedException(
                $"There is no journal {path}. Set {AggregatorOptions.Section}:{nameof(AggregatorOptions.DataFolder)} to the aggregator's, as a user who may read it.");
        }

        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            await using var begin = connection.CreateCommand();
            begin.CommandText = "BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"; // the moment is that of the first read
            await begin.ExecuteNonQueryAsync(cancel);
            return new SqliteReader(path, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<string?> FindDamageAsync(CancellationToken cancel)
    {
        await using var check = _connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        try
        {
            return await check.ExecuteScalarAsync(cancel) is "ok" ? null : $"The file is damaged: {await check.ExecuteScalarAsync(cancel)}";
        }
        catch (SqliteException damaged)
        {
            return $"The file is damaged: {damaged.Message}";
        }
    }

    public Task<string?> HeadsHiddenAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
