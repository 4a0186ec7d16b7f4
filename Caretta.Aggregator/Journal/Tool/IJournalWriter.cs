using System.Data.Common;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>A journal that no member uses, and none can begin to use as long as this is open.</summary>
internal interface IJournalWriter : IAsyncDisposable
{
    JournalTables Tables { get; }

    string Name { get; }

    /// <summary>What is written is there as a whole after its commit, and not at all before.</summary>
    /// <exception cref="StartRefusedException">A member has come.</exception>
    Task<DbTransaction> BeginAsync(CancellationToken cancel);
}
