namespace Caretta.Aggregator.Journal.Database;

/// <summary>Where the journal is kept.</summary>
internal interface IJournalDatabase
{
    /// <summary>
    /// Completes when the database was reached, its schema made or migrated, and the shard count checked. Faults with
    /// <see cref="StartRefusedException"/> for what only an operator can mend; while the database is merely away it goes on trying.
    /// </summary>
    Task<JournalIdentity> Ready { get; }
}
