namespace Caretta.Aggregator.Journal.Database;

/// <summary>The SQLite file of this member alone.</summary>
internal sealed class JournalFileIdentity(JournalFile journal) : IJournalDatabase
{
    public Task<JournalIdentity> Ready { get; } = Task.FromResult(new JournalIdentity(journal.Path, Shared: false));
}
