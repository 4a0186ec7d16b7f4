using Akka.Actor;
using Caretta.Node.Forward;
using Caretta.Node.Kernel;
using Microsoft.Data.Sqlite;

namespace Caretta.Node.Probe;

/// <summary>An aggregator has the host unloaded: nothing of ours stays in the kernel, nor comes back before the next start.</summary>
public sealed partial class ProbeActor
{
    private void Unload(UnloadAsked asked)
    {
        var problem = _health.IsUnloaded ? null : TryUnload();
        _forwarder.Tell(new UnloadEnded(asked.Stream, problem));
    }

    /// <returns>Null: done. Otherwise polls have ended all the same, and the process is to be started anew: it attaches what is off, and loses nothing.</returns>
    private string? TryUnload()
    {
        Timers.Cancel(PollTimer);
        try
        {
            _poller.Unload();
        }
        catch (Exception failure) when (failure is LibbpfException or SqliteException or IOException)
        {
            _logger.LogError(failure, "Unloading failed. The pinned tables keep the counts; run caretta-node unload, or start the agent again.");
            return $"Unloading failed: {failure.Message} Run caretta-node unload there.";
        }

        _health.Unloaded();
        _forwarder.Tell(_poller.LastWord());
        _poller.Dispose();
        return null;
    }
}
