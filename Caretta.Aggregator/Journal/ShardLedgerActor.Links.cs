using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

// How a shard's ledger shows its links from the recovery on, and keeps those up that are reported.
internal sealed partial class ShardLedgerActor
{
    /// <summary>For sources the journal knows and whose poll interval it does not: after a recovery they have this long to come back.</summary>
    private static readonly TimeSpan SilentAfterRecovery = TimeSpan.FromMinutes(1);

    /// <summary>Who has not answered by then is told again: it may have been stopped on the way.</summary>
    private static readonly TimeSpan RestoreWithin = TimeSpan.FromSeconds(5);

    private readonly LiveLinks _links;
    private IActorRef? _page;

    /// <summary>Links that are up since before this ledger and show levels.</summary>
    private IReadOnlyList<ulong> _outlived = [];

    /// <summary>
    /// All totals are exported before anybody speaks, and at once; until they are, messages wait. A link needs no actor for that: it gets one
    /// when it is reported.
    /// </summary>
    private void ShowLinks()
    {
        _listenedBefore = _state.Listened - Now;
        CountSources(_state.Sources.Count, _state.Retired.Count);
        List<LinkState> unexpired = [.. _state.Unexpired.Select(linkId => _state.Link(linkId)!)];
        unexpired.ForEach(link => _expiry.Reported(link.Link.Id, Now));
#if !MUTANT_LINK_ASLEEP
        _outlived = _gauges.Recover(_shard, unexpired);
        foreach (var linkId in _outlived)
        {
            Start(_state.Link(linkId)!.Link);
        }
#endif

        OpenPage();
        Become(Opening);
    }

    private void OpenPage()
    {
        Context.Parent.Tell(new PageEnvelope(_shard, new OpenPage()));
        Timers.StartSingleTimer(nameof(OpenPageAgain), new OpenPageAgain(), RestoreWithin);
    }

    private void Opening(object message)
    {
        if (message is not (PageOpened or OpenPageAgain or LinkRestored or LinkLost or RestoreAgain or Terminated or LeaveShard))
        {
            Stash.Stash();
            return;
        }

        OnCommand(message);
        if (message is PageOpened && !_leaving)
        {
            Become(OnCommand);
            Stash.UnstashAll();
            Ready();
        }
    }

    private void Opened()
    {
        Timers.Cancel(nameof(OpenPageAgain));
        _page = Context.Watch(Sender);
    }

    private void Ready()
    {
        _metrics.RecoverySeconds.Observe(Now.TotalSeconds);
        Timers.StartSingleTimer(nameof(LookForAbsent), new LookForAbsent(), SilentAfterRecovery);
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

    private void Lost(ulong linkId)
    {
        if (!_links.IsUp(linkId) && !_state.IsExpired(linkId) && _state.Link(linkId) is { } link)
        {
            Start(link.Link); // it outlived a ledger before us
        }
        else
        {
            _links.Lost(linkId);
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
