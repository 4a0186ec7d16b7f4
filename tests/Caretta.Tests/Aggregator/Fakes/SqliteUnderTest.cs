using System.Globalization;
using Caretta.Aggregator;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;
using Caretta.Messages;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>In a folder of its own.</summary>
internal sealed class SqliteUnderTest : IJournalUnderTest
{
    private readonly TempFolder? _folder;
    private readonly JournalFile _file;

    public SqliteUnderTest()
        : this(new TempFolder())
    {
    }

    /// <summary>In a folder that stays.</summary>
    public SqliteUnderTest(string folder)
    {
        _file = JournalFile.Open(folder, LinkSharding.DefaultShardCount, DateTimeOffset.UtcNow);
        var metrics = new AggregatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        Database = new SqliteJournalDatabase(_file, new JournalAvailability(metrics, TimeProvider.System));
    }

    private SqliteUnderTest(TempFolder folder)
        : this(folder.Path) => _folder = folder;

    public IJournalDatabase Database { get; }

    public long Ask(string sql)
    {
        using var connection = new SqliteConnection(_file.ConnectionString + ";Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _file.Dispose();
        _folder?.Dispose();
    }
}
