using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Caretta.Node.Ledger;

/// <summary>Opens the ledger's file, or sets a file that cannot be read aside and begins another.</summary>
internal static class LedgerFile
{
    public const string FileName = "ledger.db";
    private const int NotADatabase = raw.SQLITE_NOTADB;
    private const int Corrupt = raw.SQLITE_CORRUPT;
    private static readonly string[] Companions = ["", "-wal", "-shm"];

    /// <exception cref="BadStartException">The folder cannot be written, or the file is of a newer version.</exception>
    public static (SqliteConnection Connection, string? SetAside) Open(string folder, TimeProvider time)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return (OpenChecked(path), null);
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is NotADatabase or Corrupt)
        {
            var aside = SetAside(path, time.GetUtcNow());
            return (OpenChecked(path), aside);
        }
    }

    /// <summary>To look only: takes no lock and changes nothing.</summary>
    /// <exception cref="BadStartException">There is none, or it cannot be read.</exception>
    public static LedgerContents ReadAll(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadOnly);
            return LedgerReader.Read(connection, new BootClock(TimeProvider.System)) ?? throw NothingThere(path);
        }
        catch (SqliteException unreadable)
        {
            throw new BadStartException($"The ledger {path} cannot be read: {unreadable.Message}", "It is kept as it is; the agent sets it aside when it starts.", unreadable);
        }
    }

    private static BadStartException NothingThere(string path) =>
        new($"The ledger {path} is empty.", "Start the agent, or set Caretta:Node:DataFolder to the folder it uses.");

    private static SqliteConnection OpenChecked(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // Of a file to be set aside not a byte may change, and closing would write its log into it.
            KeepLogOnClose(connection, true);
            Check(connection);
            LedgerSchema.Prepare(connection);
            KeepLogOnClose(connection, false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false, // a pooled connection would keep the file open after us
            DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException refused) when (refused.SqliteErrorCode == raw.SQLITE_CANTOPEN)
        {
            connection.Dispose();
            throw new BadStartException($"The ledger {path} cannot be opened.", "Make the data folder writable to the agent, or set Caretta:Node:DataFolder to one that is.", refused);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void KeepLogOnClose(SqliteConnection connection, bool keep) =>
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _), connection.Handle);

    private static void Check(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        if (command.ExecuteScalar() is not "ok" and var finding)
        {
            throw new SqliteException($"The ledger is damaged: {finding}", Corrupt);
        }
    }

    private static string SetAside(string path, DateTimeOffset now)
    {
        var stamp = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var aside = $"{path}.corrupt-{stamp}";
        for (var i = 2; Companions.Any(companion => File.Exists(aside + companion)); i++)
        {
            aside = $"{path}.corrupt-{stamp}-{i}";
        }

        // The main file last: were we to stop half-way, the next start would still find it damaged.
        foreach (var companion in Companions.Reverse())
        {
            if (File.Exists(path + companion))
            {
                File.Move(path + companion, aside + companion);
            }
        }

        return aside;
    }
}
