using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

// How a shard's ledger keeps its links up: from the recovery on, and when they fail.
internal sealed partial class ShardLedgerActor
{
    /// <summary>For sources the journal knows and whose poll interval it does not: after a recovery they have this long to come back.</summary>
    private static readonly TimeSpan SilentAfterRecovery = TimeSpan.FromMinutes(1);

    /// <summary>A link that has not taken its totals by then is told them again: it may have been stopped on the way.</summary>
    private static readonly TimeSpan RestoreWithin = TimeSpan.FromSeconds(5);

    private readonly LiveLinks _links;

    /// <summary>Totals are exported before anybody speaks: until all links have theirs, messages wait.</summary>
    private void StartLinks()
    {
        _listenedBefore = _state.Listened - Now;
        CountSources(_state.Sources.Count, _state.Retired.Count);
#if !MUTANT_LINK_ASLEEP
        foreach (var linkId in _state.Unexpired)
        {
            Start(_state.Link(linkId)!.Link);
        }
#endif

        foreach (var source in _state.Sources)
        {
            Timers.StartSingleTimer(source, new SourceSilent(source), SilentAfterRecovery);
        }

        if (_links.AllRestored)
        {
            Ready();
        }
        else
        {
            Become(Restoring);
        }
    }

    private void Restoring(object message)
    {
        if (message is not (LinkRestored or LinkLost or RestoreAgain or Terminated or LeaveShard))
        {
            Stash.Stash();
            return;
        }

        OnCommand(message);
        if (_links.AllRestored && !_leaving)
        {
            Become(OnCommand);
            Stash.UnstashAll();
            Ready();
        }
    }

    private void Ready()
    {
        _recovered.Add(_shard);
        _metrics.RecoverySeconds.Observe(Now.TotalSeconds);
        Timers.StartPeriodicTimer(nameof(LookForIdle), new LookForIdle(), _settings.ExpireAfter / 24);
        Timers.StartPeriodicTimer(nameof(LookForSilent), new LookForSilent(), _retirement.LookEvery);
    }

    private void Start(NetworkLink link)
    {
        if (_links.Start(link))
        {
            _expiry.Reported(link.Id, Now);
            RestoreAgainLater();
        }
    }

    private void RestoreAgainLater()
    {
        if (!_links.AllRestored && !Timers.IsTimerActive(nameof(RestoreAgain)))
        {
            Timers.StartSingleTimer(nameof(RestoreAgain), new RestoreAgain(), RestoreWithin);
        }
    }

    /// <summary>What the link had been asked before it failed may have died with it.</summary>
    private void Restored(LinkRestored restored)
    {
        Context.Watch(Sender);
        if (_links.Restored(restored.LinkId, Sender))
        {
            _metrics.LinksRestarted.Inc();
            foreach (var ask in _group.AskAgain(restored.LinkId))
            {
                _links.Tell(restored.LinkId, ask);
            }
        }
    }
}
