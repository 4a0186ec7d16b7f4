using System.Data;
using Caretta.Aggregator.Journal.Database;
using Npgsql;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>One transaction that only reads and sees one moment.</summary>
internal sealed class PostgreSqlReader : IJournalReader
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgreSqlReader(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings) =>
        (_source, _connection, _settings, Tables) = (source, connection, settings, new JournalTables(connection, PostgreSqlSchema.Name + "."));

    public JournalTables Tables { get; }

    public string Name => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    /// <exception cref="StartRefusedException">There is none.</exception>
    public static async Task<PostgreSqlReader> OpenAsync(AggregatorOptions options, CancellationToken cancel)
    {
        var settings = PostgreSqlConnections.ToolSettings(options.PostgreSql);
        var source = PostgreSqlConnections.Open(settings, options.PostgreSqlPasswordFile);
        var reader = new PostgreSqlReader(source, source.CreateConnection(), settings);
        try
        {
            await reader._connection.OpenAsync(cancel);
            await reader.BeginAsync(cancel);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public Task<string?> FindDamageAsync(CancellationToken cancel) => Task.FromResult<string?>(null);

    public async Task<string?> HeadsHiddenAsync(CancellationToken cancel) =>
        await IsTrueAsync("SELECT has_table_privilege('caretta.head', 'SELECT')", cancel)
            ? null
            : $"how far ledgers have written was not compared: the role {_settings.Username} may not read it. As its owner: GRANT SELECT ON caretta.head TO {_settings.Username};";

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        await using (var only = new NpgsqlCommand("SET default_transaction_read_only = on", _connection))
        {
            await only.ExecuteNonQueryAsync(cancel);
        }

        _ = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        if (!await IsTrueAsync("SELECT to_regclass('caretta.caretta') IS NOT NULL", cancel))
        {
            throw new StartRefusedException(
                $"There is no journal in {Name}. Set {AggregatorOptions.Section}:{nameof(AggregatorOptions.PostgreSql)} as for the aggregators.");
        }
    }

    private async Task<bool> IsTrueAsync(string sql, CancellationToken cancel)
    {
        await using var question = new NpgsqlCommand(sql, _connection);
        return await question.ExecuteScalarAsync(cancel) is true;
    }
}
