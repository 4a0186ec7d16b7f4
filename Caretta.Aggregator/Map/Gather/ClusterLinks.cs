using Akka.Cluster;
using Caretta.Aggregator.Map.Model;

namespace Caretta.Aggregator.Map.Gather;

/// <summary>What is known of all members' links, round by round. Pure.</summary>
/// <param name="models">The number of the last model made before.</param>
internal sealed class ClusterLinks(long models = 0)
{
    /// <summary>
    /// A shard that moves is on no page for about two seconds, one whose member died for twenty. Until then its links are shown as they last were,
    /// so that nothing on the map comes and goes.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private readonly Dictionary<UniqueAddress, HeldMember> _members = [];
    private Dictionary<ulong, (LinkFact Fact, TimeSpan SeenAt)> _shown = [];
    private long _models = models;

    /// <summary>Those that have not yet answered this round.</summary>
    public IEnumerable<UniqueAddress> Open => _members.Where(member => !member.Value.HasAnswered).Select(member => member.Key);

    /// <returns>Those to ask: everybody else who may have links.</returns>
    public IReadOnlyCollection<KeyValuePair<UniqueAddress, HeldMember>> Begin(IEnumerable<UniqueAddress> others)
    {
        var now = others.ToHashSet();
        foreach (var gone in _members.Keys.Where(member => !now.Contains(member)).ToList())
        {
            _members.Remove(gone);
        }

        foreach (var member in now)
        {
            _members.TryAdd(member, new HeldMember());
            _members[member].Begin();
        }

        return _members;
    }

    public HeldMember? Of(UniqueAddress member) => _members.GetValueOrDefault(member);

    /// <param name="own">Of this member; null: it is not certain that they are still its own.</param>
    /// <param name="self">How this member is named where it is missing.</param>
    /// <param name="now">On a monotonic clock.</param>
    public MapModel Complete(IEnumerable<LinkFact>? own, string self, DateTimeOffset at, TimeSpan now)
    {
        var shown = new Dictionary<ulong, (LinkFact, TimeSpan)>(_shown.Count);
        foreach (var link in own ?? [])
        {
            Show(shown, link, now);
        }

        foreach (var member in _members.Values)
        {
            foreach (var link in member.HasAnswered || member.AnsweredAt is null || now - member.AnsweredAt < KeptFor ? member.Links : [])
            {
                Show(shown, link, now);
            }
        }

        foreach (var (linkId, before) in _shown)
        {
            if (now - before.SeenAt < KeptFor)
            {
                shown.TryAdd(linkId, (before.Fact with { Rates = default, Levels = default }, before.SeenAt));
            }
        }

        _shown = shown;
        List<string> missing = [.. _members.Where(member => !member.Value.HasAnswered).Select(member => $"{member.Key.Address.Host}:{member.Key.Address.Port}")];
        if (own is null)
        {
            missing.Add(self);
        }

        return MapModel.Of(++_models, at, new MembersAnswered(_members.Count + 1, missing), shown.Values.Select(link => link.Item1));
    }

    /// <summary>One that moves may be told of twice, before and after: the later word is the one that counts more.</summary>
    private static void Show(Dictionary<ulong, (LinkFact Fact, TimeSpan)> shown, LinkFact link, TimeSpan now)
    {
        if (!shown.TryGetValue(link.Link.Id, out var other) || link.Figures.Progress > other.Fact.Figures.Progress)
        {
            shown[link.Link.Id] = (link, now);
        }
    }
}
