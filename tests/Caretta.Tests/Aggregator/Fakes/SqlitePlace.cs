using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A folder.</summary>
internal sealed class SqlitePlace : JournalPlace
{
    private readonly TempFolder _folder = new();

    public override string[] Switches => ["--data-folder", _folder.Path];

    public string File => Path.Combine(_folder.Path, "journal.db");

    public override IJournalUnderTest Open() => new SqliteUnderTest(_folder.Path);

    public override long Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar() ?? -1, CultureInfo.InvariantCulture);
    }

    public override string Bytes(byte[] bytes) => $"X'{Convert.ToHexString(bytes)}'";

    public override void Dispose() => _folder.Dispose();
}
