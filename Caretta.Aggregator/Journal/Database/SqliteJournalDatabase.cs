using Akka.Hosting;

namespace Caretta.Aggregator.Journal.Database;

/// <summary>The file in the data folder. What is wrong with it was refused when it was opened.</summary>
internal sealed class SqliteJournalDatabase : IJournalDatabase, IDisposable
{
    private readonly JournalFile _file;

    public SqliteJournalDatabase(JournalFile file, JournalAvailability availability)
    {
        (_file, Availability) = (file, availability);
        Ready = Task.FromResult(new JournalIdentity(file.Id, Shared: false));
        availability.Available();
    }

    public Task<JournalIdentity> Ready { get; }

    public JournalAvailability Availability { get; }

    public void AddTo(AkkaConfigurationBuilder akka) =>
        akka.AddHocon(JournalHocon.For("SQLite.MS", writers: 1, schema: null, _file.ConnectionString), HoconAddMode.Prepend);

    public void Dispose() => _file.Dispose();
}
