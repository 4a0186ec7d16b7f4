using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Caretta.Node.Ledger;

/// <summary>A statement kept for the store's life. Straight to SQLite: a poll may write thousands of rows, and a parameter object each would be garbage.</summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
    }

    /// <param name="index">From 1.</param>
    public PreparedStatement Bind(int index, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, index, value), _database);
        return this;
    }

    /// <summary>The bits are kept; SQLite has no unsigned integers.</summary>
    public PreparedStatement Bind(int index, ulong value) => Bind(index, unchecked((long)value));

    public PreparedStatement Bind(int index, string value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, index, value), _database);
        return this;
    }

    public PreparedStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(_statement, index, value), _database);
        return this;
    }

    /// <returns>How many rows changed.</returns>
    public int Execute()
    {
        var result = raw.sqlite3_step(_statement);
        // Reset repeats the error of the step, and must come in any case: a statement left half-way holds the transaction open.
        var reset = raw.sqlite3_reset(_statement);
        SqliteException.ThrowExceptionForRC(result is raw.SQLITE_DONE or raw.SQLITE_ROW ? reset : result, _database);
        return raw.sqlite3_changes(_database);
    }

    public void Dispose() => _statement.Dispose();
}
