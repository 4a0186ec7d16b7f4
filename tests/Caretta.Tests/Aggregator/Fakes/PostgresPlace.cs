using System.Globalization;
using Caretta.TestServers;
using Npgsql;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A new database.</summary>
internal sealed class PostgresPlace(PostgresServer server) : JournalPlace
{
    private readonly string _connection = Task.Run(() => server.CreateDatabaseAsync(PostgresUnderTest.NewName())).GetAwaiter().GetResult();

    public string ConnectionString => _connection;

    public override string[] Switches => ["--journal=PostgreSql", "--postgre-sql", _connection];

    public override IJournalUnderTest Open() => Task.Run(() => PostgresUnderTest.OpenAsync(_connection)).GetAwaiter().GetResult();

    public override long Ask(string sql)
    {
        using var connection = new NpgsqlConnection(_connection + ";Pooling=false;Search Path=caretta");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar() ?? -1, CultureInfo.InvariantCulture);
    }

    public override string Bytes(byte[] bytes) => $@"'\x{Convert.ToHexString(bytes)}'::bytea";

    public override void Dispose()
    {
        // ends with the server
    }
}
