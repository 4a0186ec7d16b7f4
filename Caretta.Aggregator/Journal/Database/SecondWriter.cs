using Microsoft.Data.Sqlite;
using Npgsql;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>The database refused a write because another writer of the same ledger had gone on meanwhile.</summary>
internal static class SecondWriter
{
    /// <summary>Raised by the PostgreSQL schema's trigger.</summary>
    private const string State = "CR001";

    /// <summary>Raised by the SQLite schema's trigger.</summary>
    private const string Message = "second writer refused";

    public static bool IsRefused(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: State } || (cause is SqliteException lite && lite.Message.Contains(Message, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }
}
