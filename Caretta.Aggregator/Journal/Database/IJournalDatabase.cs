using Akka.Hosting;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>Where the journal is kept.</summary>
internal interface IJournalDatabase
{
    /// <summary>
    /// Completes once the database was reached, its schema made or migrated and everything checked. While the database is merely away it goes
    /// on trying; it faults with <see cref="StartRefusedException"/> for what only an operator can mend.
    /// </summary>
    Task<JournalIdentity> Ready { get; }

    JournalAvailability Availability { get; }

    /// <summary>Journal and snapshots of the actor system are kept here. Nothing is asked of the database before an actor does.</summary>
    void AddTo(AkkaConfigurationBuilder akka);
}
