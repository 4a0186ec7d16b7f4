using Akka.Hosting;
using Caretta.Aggregator.Journal;
using Caretta.Aggregator.Journal.Database;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Says what the test wants of the journal, when the test wants it. What is written goes to a file of this member.</summary>
internal sealed class StandInDatabase(JournalFile file, JournalAvailability availability) : IJournalDatabase, IDisposable
{
    private readonly TaskCompletionSource<JournalIdentity> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteJournalDatabase _file = new(file, availability);

    public Task<JournalIdentity> Ready => _ready.Task;

    public JournalAvailability Availability => availability;

    public void BecomeReady(string id = "one", bool shared = true) => _ready.SetResult(new JournalIdentity(id, shared));

    public void AddTo(AkkaConfigurationBuilder akka) => _file.AddTo(akka);

    public void Dispose() => _file.Dispose();
}
