using Akka.Actor;
using Akka.Event;
using Caretta.Messages.Wire;

namespace Caretta.Node.Forward;

/// <summary>Before an installation is removed, its aggregator has every agent leave the kernel.</summary>
public sealed partial class ForwarderActor
{
    private void AskedToUnload()
    {
        if (_options.Obeys)
        {
            _log.Warning("The aggregator at {Aggregator} has this host unloaded", _member);
            _probe.Tell(new UnloadAsked(_streams));
            return;
        }

        _metrics.UnloadsRefused.Inc();
        _log.Warning("The aggregator at {Aggregator} would have this host unloaded, but without TLS it has not proven that it is one", _member);
        Answer("Its agent reports without TLS, and so obeys no aggregator. Run caretta-node unload there.");
    }

    private void Ended(UnloadEnded ended)
    {
        _metrics.Unloaded.Set(ended.Problem is null ? 1 : 0);
        if (_welcome && ended.Stream == _streams)
        {
            Answer(ended.Problem ?? "");
        }
    }

    private void Answer(string problem) => _stream!.Send(new FromNode { Unloaded = new Unloaded { Problem = problem } });
}
