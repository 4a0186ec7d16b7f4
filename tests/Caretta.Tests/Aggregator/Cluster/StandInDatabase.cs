using Caretta.Aggregator.Journal.Database;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>Says what the test wants of the journal, when the test wants it.</summary>
internal sealed class StandInDatabase : IJournalDatabase
{
    private readonly TaskCompletionSource<JournalIdentity> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<JournalIdentity> Ready => _ready.Task;

    public void BecomeReady(string id = "one", bool shared = true) => _ready.SetResult(new JournalIdentity(id, shared));
}
