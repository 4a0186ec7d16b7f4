using System.Data.Common;
using System.Globalization;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Npgsql;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>
/// Holds the lock that a member takes when it starts, and looks who is connected. A member that runs without a connection just then, since its
/// network is interrupted, is refused by the database once it writes, as any second writer is.
/// </summary>
internal sealed class PostgreSqlWriter : IJournalWriter
{
    /// <summary>One that waits for the lock does not use the journal yet.</summary>
    private const string Members = $"""
        SELECT application_name || coalesce(' at ' || host(client_addr), '') || ', process ' || pid FROM pg_stat_activity AS session
        WHERE datname = current_database() AND application_name LIKE '{PostgreSqlConnections.MemberName}%'
            AND NOT EXISTS (SELECT 1 FROM pg_locks WHERE pg_locks.pid = session.pid AND locktype = 'advisory' AND NOT granted)
        ORDER BY pid LIMIT 1
        """;

    private const int Looks = 10;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private bool _locked;

    private PostgreSqlWriter(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlConnectionStringBuilder settings) =>
        (_source, _connection, _settings, Tables) = (source, connection, settings, new JournalTables(connection, PostgreSqlSchema.Name + "."));

    public JournalTables Tables { get; }

    public string Name => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    /// <exception cref="StartRefusedException">A member runs or starts, or the schema is one that it cannot use.</exception>
    public static async Task<PostgreSqlWriter> OpenAsync(AggregatorOptions options, CancellationToken cancel)
    {
        var settings = PostgreSqlConnections.ToolSettings(options.PostgreSql);
        var source = PostgreSqlConnections.Open(settings, options.PostgreSqlPasswordFile);
        var writer = new PostgreSqlWriter(source, source.CreateConnection(), settings);
        try
        {
            await writer._connection.OpenAsync(cancel);
            await writer.RefuseUseAsync(cancel);
            await new PostgreSqlSchema(writer._connection, settings).PrepareAsync(LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow, cancel);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    public async Task<DbTransaction> BeginAsync(CancellationToken cancel)
    {
        await RefuseUseAsync(cancel);
        return await _connection.BeginTransactionAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync(); // and with it the lock
        await _source.DisposeAsync();
    }

    /// <summary>Looks again for a moment: a session that has just ended is still shown, and still has its locks.</summary>
    private async Task RefuseUseAsync(CancellationToken cancel)
    {
        using var again = new PeriodicTimer(LookAgainAfter);
        for (var looks = 1; await FindUseAsync(cancel) is { } who; looks++)
        {
            if (looks == Looks)
            {
                throw InUse(who);
            }

            await again.WaitForNextTickAsync(cancel);
        }
    }

    /// <returns>null: nobody uses it, and the lock is ours.</returns>
    private async Task<string?> FindUseAsync(CancellationToken cancel)
    {
        await using var take = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"SELECT pg_try_advisory_lock({PostgreSqlSchema.Lock})"), _connection);
        _locked = _locked || await take.ExecuteScalarAsync(cancel) is true;
        if (!_locked)
        {
            return "a member that starts, or another import or purge, holds its lock";
        }

        await using var look = new NpgsqlCommand(Members, _connection);
        return await look.ExecuteScalarAsync(cancel) is string member ? $"connected is {member}" : null;
    }

    private StartRefusedException InUse(string who) =>
        new($"The journal on {Name} is in use: {who}. Stop every member (in Kubernetes: scale the aggregators to 0) and try again.");
}
