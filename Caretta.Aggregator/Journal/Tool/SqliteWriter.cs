using System.Data.Common;
using Caretta.Messages;
using Microsoft.Data.Sqlite;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>Under the lock of the data folder, as an aggregator would have it.</summary>
internal sealed class SqliteWriter : IJournalWriter
{
    private readonly JournalFile _file;
    private readonly SqliteConnection _connection;

    private SqliteWriter(JournalFile file, SqliteConnection connection) =>
        (_file, _connection, Tables) = (file, connection, new JournalTables(connection, prefix: ""));

    public JournalTables Tables { get; }

    public string Name => _file.Path;

    /// <exception cref="StartRefusedException">An aggregator runs, or the file cannot be used.</exception>
    public static async Task<SqliteWriter> OpenAsync(string folder, CancellationToken cancel)
    {
        var file = JournalFile.Open(folder, LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow);
        var connection = new SqliteConnection(file.ConnectionString + ";Pooling=False");
        try
        {
            await connection.OpenAsync(cancel);
            return new SqliteWriter(file, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            file.Dispose();
            throw;
        }
    }

    public async Task<DbTransaction> BeginAsync(CancellationToken cancel) => await _connection.BeginTransactionAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _file.Dispose();
    }
}
