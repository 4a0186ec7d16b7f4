using System.Globalization;
using Caretta.Aggregator.Journal.Database;
using Microsoft.Data.Sqlite;

namespace Caretta.Aggregator.Journal;

/// <summary>The journal's SQLite file: checked before anything writes to it, locked while we run.</summary>
internal sealed class JournalFile : IDisposable
{
    public const string Name = "journal.db";
    public const int SchemaVersion = 1;
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    private readonly FileStream _lock;

    private JournalFile(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Made with the file and kept in it.</summary>
    public string Id { get; private set; } = "";

    public string ConnectionString => ConnectionTo(Path);

    /// <exception cref="StartRefusedException">The folder cannot be written, the file is damaged, or it belongs to another shard count.</exception>
    public static JournalFile Open(string folder, int shardCount, DateTimeOffset now)
    {
        var file = new JournalFile(System.IO.Path.Combine(folder, Name), Lock(folder));
        try
        {
            file.Check(shardCount);
            return file;
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw file.SetAside(now, damaged.Message);
        }
        catch (InvalidDataException damaged)
        {
            throw file.SetAside(now, damaged.Message);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string ConnectionTo(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    private static FileStream Lock(string folder)
    {
        try
        {
            System.IO.Directory.CreateDirectory(folder);
            return new FileStream(System.IO.Path.Combine(folder, "aggregator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw NotWritable(folder, "permission denied");
        }
        catch (IOException failed)
        {
            throw NotWritable(folder, failed.Message);
        }
    }

    private static StartRefusedException NotWritable(string folder, string cause) => new(
        $"The data folder {folder} cannot be written ({cause}). Make it writable, stop another aggregator that uses it, "
        + $"or set {AggregatorOptions.Section}:{nameof(AggregatorOptions.DataFolder)}.");

    private void Check(int shardCount)
    {
        using var connection = new SqliteConnection(ConnectionString + ";Pooling=False");
        connection.Open();
        if (Ask(connection, "PRAGMA quick_check(1)") is not "ok" and var fault)
        {
            throw new InvalidDataException(fault);
        }

        Ask(connection, "PRAGMA journal_mode = WAL");
        Ask(connection, "CREATE TABLE IF NOT EXISTS caretta (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
        Ask(connection, $"INSERT OR IGNORE INTO caretta VALUES ('shard_count', '{shardCount.ToString(CultureInfo.InvariantCulture)}')");
        var stored = Ask(connection, "SELECT value FROM caretta WHERE name = 'shard_count'");
        if (stored != shardCount.ToString(CultureInfo.InvariantCulture))
        {
            throw new StartRefusedException(
                $"The journal {Path} was begun with {stored} shards; this version has {shardCount}, and would not find its links. "
                + "Run the version that wrote it, or begin a new journal in another data folder.");
        }

        Migrate(connection);
        Ask(connection, $"INSERT OR IGNORE INTO caretta VALUES ('journal_id', '{JournalIdentity.NewId()}')");
        Id = Ask(connection, "SELECT value FROM caretta WHERE name = 'journal_id'")!;
    }

    private void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        var version = Ask(connection, "SELECT value FROM caretta WHERE name = 'schema_version'");
        if (version is null)
        {
            Ask(connection, SchemaFile.Read("sqlite-1.sql"));
#if !MUTANT_ZOMBIE_WRITER_ACCEPTED
            Ask(connection, SchemaFile.Read("sqlite-writer.sql"));
#endif
        }
        else if (!int.TryParse(version, CultureInfo.InvariantCulture, out var number) || number > SchemaVersion)
        {
            throw new StartRefusedException(
                $"The journal {Path} has schema version {version}; this aggregator knows versions up to {SchemaVersion}. "
                + "Run the version that wrote it, or a newer one.");
        }

        transaction.Commit();
    }

    private static string? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private StartRefusedException SetAside(DateTimeOffset now, string fault)
    {
        SqliteConnection.ClearAllPools();
        var aside = Free(Path + ".corrupt-" + now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        foreach (var part in Parts.Where(part => File.Exists(Path + part)))
        {
            File.Move(Path + part, aside + part);
        }

        Dispose();
        return new StartRefusedException(
            $"The journal {Path} is damaged ({fault}) and was set aside as {aside}. Put back a good copy, or start again: then a new journal "
            + "begins, and agents resend all they hold.");
    }

    /// <summary>What was set aside before stays, also if it was within this second.</summary>
    private static string Free(string name) => Enumerable.Range(1, int.MaxValue)
        .Select(number => number == 1 ? name : $"{name}-{number}")
        .First(free => !Parts.Any(part => File.Exists(free + part)));
}
