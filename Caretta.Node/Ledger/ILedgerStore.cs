using Microsoft.Data.Sqlite;

namespace Caretta.Node.Ledger;

/// <summary>Where a ledger survives its process.</summary>
public interface ILedgerStore : IDisposable
{
    /// <summary>Null if nothing was ever committed.</summary>
    LedgerContents? Load();

    /// <summary>All of the change or nothing of it, on disk when this returns.</summary>
    /// <exception cref="SqliteException">Whether it took place is not known; the same change may be committed again.</exception>
    void Commit(LedgerChange change);
}
