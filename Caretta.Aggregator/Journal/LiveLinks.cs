using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// The links of a shard that are up. Each gets what the journal holds of it before anything else, and again whenever it fails or is stopped
/// by anybody but its ledger; a word that is lost on the way is said again. The first word starts it, through the shard; all later ones go to
/// it directly, in their order, and wait here until it has answered the first.
/// </summary>
/// <param name="held">What the journal holds of a link; null for nothing.</param>
internal sealed class LiveLinks(IActorRef shard, IActorRef ledger, Func<ulong, LinkState?> held)
{
    private readonly Dictionary<ulong, LiveLink> _live = [];
    private readonly Dictionary<IActorRef, ulong> _actors = [];
    private readonly HashSet<ulong> _waiting = [];

    /// <summary>None waits for its totals.</summary>
    public bool AllRestored => _waiting.Count == 0;

    public bool IsUp(ulong linkId) => _live.ContainsKey(linkId);

    /// <returns>Whether it was not up.</returns>
    public bool Start(NetworkLink link)
    {
        if (_live.ContainsKey(link.Id))
        {
            return false;
        }

        var live = new LiveLink(link);
        _live.Add(link.Id, live);
        Restore(live);
        return true;
    }

    /// <returns>Whether what it had been asked before may be lost.</returns>
    public bool Restored(ulong linkId, IActorRef actor)
    {
        if (!_live.TryGetValue(linkId, out var link))
        {
            actor.Tell(new ExpireLink(), ledger); // it expired on the way
            return false;
        }

        if (link.Actor is not null && !link.Actor.Equals(actor))
        {
            _actors.Remove(link.Actor);
        }

        (_actors[actor], link.Actor) = (linkId, actor);
        foreach (var message in link.TakeWaiting())
        {
            actor.Tell(message, ledger);
        }

        var lost = _waiting.Remove(linkId) && link.IsLost;
        link.IsLost = false;
        return lost;
    }

    /// <summary>It is there, or will be at our next word, but has forgotten all.</summary>
    /// <returns>False: it is none of ours.</returns>
    public bool Lost(ulong linkId)
    {
        if (!_live.TryGetValue(linkId, out var link))
        {
            shard.Tell(new LinkEnvelope(linkId, new ExpireLink()), ledger); // started by somebody else, or late
            return false;
        }

        if (link.Actor is not null)
        {
            _actors.Remove(link.Actor);
        }

        (link.Actor, link.IsLost) = (null, true);
        Restore(link);
        return true;
    }

    /// <returns>Whether the actor was one of ours.</returns>
    public bool Ended(IActorRef actor) => _actors.TryGetValue(actor, out var linkId) && Lost(linkId);

    public void RestoreAgain()
    {
        foreach (var linkId in _waiting)
        {
            SendTotals(_live[linkId]);
        }
    }

    public void Expire(ulong linkId)
    {
        _waiting.Remove(linkId);
        if (!_live.Remove(linkId, out var link))
        {
            return;
        }

        if (link.Actor is null)
        {
            shard.Tell(new LinkEnvelope(linkId, new ExpireLink()), ledger);
            return;
        }

        _actors.Remove(link.Actor);
        link.Actor.Tell(new ExpireLink(), ledger);
    }

    /// <summary>To a link that is up; nothing to any other.</summary>
    public void Tell(ulong linkId, ILinkMessage message)
    {
        if (_live.TryGetValue(linkId, out var link))
        {
            Tell(link, message);
        }
    }

    public void TellAll(ILinkMessage message)
    {
        foreach (var link in _live.Values)
        {
            Tell(link, message);
        }
    }

    private void Tell(LiveLink link, ILinkMessage message)
    {
        if (link.Actor is null)
        {
            link.Wait(message);
        }
        else
        {
            link.Actor.Tell(message, ledger);
        }
    }

    /// <summary>What waits is in what is told now, or is asked again once the link has it.</summary>
    private void Restore(LiveLink link)
    {
        link.TakeWaiting();
        _waiting.Add(link.Link.Id);
        SendTotals(link);
    }

    private void SendTotals(LiveLink to)
    {
        var state = held(to.Link.Id);
        var totals = new RestoreLink(to.Link, state is null ? [] : [.. state.Held], state?.Retired, state?.Seen ?? default);
        shard.Tell(new LinkEnvelope(to.Link.Id, totals), ledger);
    }

    private sealed class LiveLink(NetworkLink link)
    {
        private List<ILinkMessage>? _waiting;

        public NetworkLink Link => link;

        /// <summary>null: it has not answered yet.</summary>
        public IActorRef? Actor { get; set; }

        /// <summary>It was up before.</summary>
        public bool IsLost { get; set; }

        public void Wait(ILinkMessage message) => (_waiting ??= []).Add(message);

        public List<ILinkMessage> TakeWaiting()
        {
            var waiting = _waiting ?? [];
            _waiting = null;
            return waiting;
        }
    }
}
