using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>The part that follows which sources are connected: what one saw last is true no longer once it is silent.</summary>
internal sealed partial class ShardLedgerActor
{
    private void Connect(Source source, TimeSpan pollInterval)
    {
        if (!_sources.Connect(Sender, source, pollInterval))
        {
            return;
        }

        Context.Watch(Sender);
        Timers.Cancel(source);
        foreach (var earlier in _state.SourcesOf(source.NodeName).Where(other => other != source).ToList())
        {
            DropLevels(earlier); // the node began anew: what its earlier incarnation last saw is counted by the present one
        }
    }

    private void Disconnect(IActorRef stream)
    {
        if (_sources.Disconnect(stream) is { } silent)
        {
            Timers.StartSingleTimer(silent.Source, new SourceSilent(silent.Source), silent.PollInterval * 3);
        }
    }

    private void DropLevels(Source source)
    {
        foreach (var linkId in _reported.Take(source).Where(_links.IsUp))
        {
            _links.Tell(linkId, new DropLevels(source));
        }
    }

    /// <summary>Links that outlived a ledger before us may have levels of sources that have not come back to this one.</summary>
    private void DropLevelsOfAbsent()
    {
        foreach (var source in _state.Sources.Where(source => !_sources.IsConnected(source)))
        {
            foreach (var linkId in _outlived)
            {
                _links.Tell(linkId, new DropLevels(source));
            }
        }

        _outlived = [];
    }
}
