using System.Globalization;
using Caretta.Aggregator;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Caretta.TestServers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A database of its own on a server that others use too.</summary>
internal sealed class PostgresUnderTest : IJournalUnderTest
{
    private static int _databases;

    private readonly PostgreSqlJournalDatabase _database;

    private PostgresUnderTest(string connectionString, string passwordFile, TimeProvider time)
    {
        ConnectionString = connectionString;
        Metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        _database = new PostgreSqlJournalDatabase(
            new AggregatorOptions { Journal = JournalKind.PostgreSql, PostgreSql = connectionString, PostgreSqlPasswordFile = passwordFile },
            LinkSharding.DefaultShardCount,
            new JournalAvailability(Metrics, time),
            time,
            NullLogger<PostgreSqlJournalDatabase>.Instance);
    }

    public string ConnectionString { get; }

    public AggregatorMetrics Metrics { get; }

    public IJournalDatabase Database => _database;

    /// <summary>In a new database of that server, opened.</summary>
    public static PostgresUnderTest Open(PostgresServer server) =>
        Task.Run(async () => await OpenAsync(await server.CreateDatabaseAsync(NewName()))).GetAwaiter().GetResult();

    public static string NewName() => string.Create(CultureInfo.InvariantCulture, $"journal_{Interlocked.Increment(ref _databases)}");

    /// <summary>Another member on the same journal.</summary>
    public PostgresUnderTest Another() => Task.Run(() => OpenAsync(ConnectionString)).GetAwaiter().GetResult();

    public static async Task<PostgresUnderTest> OpenAsync(string connectionString, string passwordFile = "")
    {
        var journal = await StartAsync(connectionString, passwordFile);
        await journal.Database.Ready;
        return journal;
    }

    /// <summary>As the process starts it; it may not be ready for long.</summary>
    public static async Task<PostgresUnderTest> StartAsync(string connectionString, string passwordFile = "")
    {
        var journal = new PostgresUnderTest(connectionString, passwordFile, TimeProvider.System);
        await ((IHostedService)journal._database).StartAsync(CancellationToken.None);
        return journal;
    }

    public long Ask(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Search Path=caretta");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _database.Dispose();
}
