using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.DataProvider.PostgreSQL;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>
/// A PostgreSQL server that several members share. It may be away, at the start and at any time after: until it is there nobody joins the
/// cluster, and later the ledgers begin anew by themselves. Here it is only asked now and then whether it answers.
/// </summary>
internal sealed class PostgreSqlJournalDatabase : BackgroundService, IJournalDatabase
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>The oldest dialect will do, and no version is asked of the server.</summary>
    private const string Dialect = ProviderName.PostgreSQL95;

    private readonly TaskCompletionSource<JournalIdentity> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly NpgsqlDataSource _connections;
    private readonly int _shardCount;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgreSqlJournalDatabase> _log;

    public PostgreSqlJournalDatabase(
        AggregatorOptions options,
        int shardCount,
        JournalAvailability availability,
        TimeProvider time,
        ILogger<PostgreSqlJournalDatabase> log)
    {
        _settings = PostgreSqlConnections.Settings(options.PostgreSql);
        _connections = PostgreSqlConnections.Open(options.PostgreSql, options.PostgreSqlPasswordFile);
        (_shardCount, Availability, _time, _log) = (shardCount, availability, time, log);
    }

    public Task<JournalIdentity> Ready => _ready.Task;

    public JournalAvailability Availability { get; }

    private string Server => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    public void AddTo(AkkaConfigurationBuilder akka)
    {
        var options = new DataOptions()
            .UseProvider(Dialect)
            .UseConnectionFactory(PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v95), _ => _connections.CreateConnection());
        akka.AddSetup(new DataOptionsSetup(options))
            .AddHocon(JournalHocon.For(Dialect, writers: 3, PostgreSqlSchema.Name, connectionString: null), HoconAddMode.Prepend);
    }

    public override void Dispose()
    {
        _connections.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var next = new PeriodicTimer(AskEvery, _time);
            while (!await OpenAsync(stoppingToken))
            {
                await next.WaitForNextTickAsync(stoppingToken);
            }

            while (await next.WaitForNextTickAsync(stoppingToken))
            {
                await AskAsync(stoppingToken);
            }
        }
        catch (StartRefusedException refused)
        {
            _ready.TrySetException(refused); // whoever waits for it ends the process
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _ready.TrySetCanceled(stoppingToken);
        }
    }

    /// <returns>Whether it is open; false: it is away.</returns>
    private async Task<bool> OpenAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync(cancel);
            var id = await new PostgreSqlSchema(connection, _settings).PrepareAsync(_shardCount, _time.GetUtcNow(), cancel);
            IsThere();
            _ready.TrySetResult(new JournalIdentity(id, Shared: true));
            return true;
        }
        catch (Exception failed) when (IsOfTheDatabase(failed))
        {
            if (PostgreSqlFaults.Remedy(failed, _settings) is { } remedy)
            {
                throw new StartRefusedException($"The journal on {Server} cannot be used. {remedy}");
            }

            IsAway(failed);
            return false;
        }
    }

    private async Task AskAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync(cancel);
            await using var question = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection) { CommandTimeout = 2 };
            if (await question.ExecuteScalarAsync(cancel) is true)
            {
                IsAway(new NpgsqlException("The server is a standby and takes no writes"));
            }
            else
            {
                IsThere();
            }
        }
        catch (Exception failed) when (IsOfTheDatabase(failed))
        {
            IsAway(failed);
        }
    }

    private void IsThere()
    {
        if (Availability.Now is { } interruption)
        {
            _log.LogInformation("The journal on {Server} is back; it was away since {Since:O}", Server, interruption.Since);
        }

        Availability.Available();
    }

    private void IsAway(Exception failed)
    {
        var cause = PostgreSqlFaults.Cause(failed);
        if (Availability.Away(cause))
        {
            _log.LogWarning("The journal on {Server} is away; totals stay as they are and agents hold theirs. {Cause}", Server, cause);
        }
    }

    private static bool IsOfTheDatabase(Exception failed) =>
        failed is NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException;
}
