using Akka.Actor;
using Caretta.Aggregator.Links;
using Caretta.Aggregator.Shards;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// The links of a shard that are up. Each gets what the journal holds of it before anything else, and again whenever it fails or is stopped
/// by anybody but its ledger; a word that is lost on the way is said again.
/// </summary>
/// <param name="held">What the journal holds of a link; null for nothing.</param>
internal sealed class LiveLinks(IActorRef shard, IActorRef ledger, Func<ulong, LinkState?> held)
{
    private readonly Dictionary<ulong, NetworkLink> _live = [];
    private readonly Dictionary<IActorRef, ulong> _actors = [];
    private readonly HashSet<ulong> _waiting = [];
    private readonly HashSet<ulong> _lost = [];

    public IReadOnlyCollection<ulong> All => _live.Keys;

    /// <summary>None waits for its totals.</summary>
    public bool AllRestored => _waiting.Count == 0;

    public bool IsUp(ulong linkId) => _live.ContainsKey(linkId);

    /// <returns>Whether it was not up.</returns>
    public bool Start(NetworkLink link)
    {
        if (!_live.TryAdd(link.Id, link))
        {
            return false;
        }

        Restore(link);
        return true;
    }

    /// <returns>Whether what it had been asked before may be lost.</returns>
    public bool Restored(ulong linkId, IActorRef actor)
    {
        _actors[actor] = linkId;
        return _waiting.Remove(linkId) & _lost.Remove(linkId);
    }

    /// <summary>It is there, or will be at our next word, but has forgotten all.</summary>
    /// <returns>False: it is none of ours.</returns>
    public bool Lost(ulong linkId)
    {
        if (!_live.TryGetValue(linkId, out var link))
        {
            Tell(linkId, new ExpireLink()); // started by a late message after it expired
            return false;
        }

        _lost.Add(linkId);
        Restore(link);
        return true;
    }

    /// <returns>Whether the actor was one of ours.</returns>
    public bool Ended(IActorRef actor) => _actors.Remove(actor, out var linkId) && _live.ContainsKey(linkId) && Lost(linkId);

    public void RestoreAgain()
    {
        foreach (var linkId in _waiting)
        {
            Tell(linkId, Totals(_live[linkId]));
        }
    }

    public void Expire(ulong linkId)
    {
        _live.Remove(linkId);
        _waiting.Remove(linkId);
        _lost.Remove(linkId);
        Tell(linkId, new ExpireLink());
    }

    public void Tell(ulong linkId, ILinkMessage message) => shard.Tell(new LinkEnvelope(linkId, message), ledger);

    public void TellAll(ILinkMessage message)
    {
        foreach (var linkId in _live.Keys)
        {
            Tell(linkId, message);
        }
    }

    private void Restore(NetworkLink link)
    {
        _waiting.Add(link.Id);
        Tell(link.Id, Totals(link));
    }

    private RestoreLink Totals(NetworkLink link)
    {
        var state = held(link.Id);
        return new RestoreLink(link, state is null ? [] : [.. state.Held], state?.Retired, state?.Seen ?? default);
    }
}
