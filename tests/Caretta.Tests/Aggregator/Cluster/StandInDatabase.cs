using Akka.Hosting;
using Caretta.Aggregator.Journal.Database;
using Caretta.Tests.Aggregator.Fakes;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Says what the test wants of the journal, when the test wants it.</summary>
internal sealed class StandInDatabase : IJournalDatabase, IDisposable
{
    private readonly SqliteUnderTest _journal = new();
    private readonly TaskCompletionSource<JournalIdentity> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<JournalIdentity> Ready => _ready.Task;

    public JournalAvailability Availability => _journal.Database.Availability;

    public void AddTo(AkkaConfigurationBuilder akka) => _journal.Database.AddTo(akka);

    public void Dispose() => _journal.Dispose();

    public void BecomeReady(string id = "one", bool shared = true) => _ready.SetResult(new JournalIdentity(id, shared));
}
