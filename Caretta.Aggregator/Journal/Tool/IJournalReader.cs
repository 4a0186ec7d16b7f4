namespace Caretta.Aggregator.Journal.Tool;

/// <summary>A journal as it is at one moment, beside whoever writes to it.</summary>
internal interface IJournalReader : IAsyncDisposable
{
    JournalTables Tables { get; }

    /// <summary>What its failures are called by.</summary>
    string Name { get; }

    /// <summary>The file is sound, apart from what its rows say; null if it is.</summary>
    Task<string?> FindDamageAsync(CancellationToken cancel);

    /// <returns>Why not how far ledgers have written can be read; null if it can.</returns>
    Task<string?> HeadsHiddenAsync(CancellationToken cancel);
}
