using System.Globalization;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>What is true of every event and snapshot of a shard. A link's id is the hash of its names, so a name that was changed leads elsewhere.</summary>
internal static class ShardRules
{
    public static IEnumerable<string> Faults(int shard, object read) => read switch
    {
        LinksAdvanced advanced => advanced.Advances.SelectMany(advance => Faults(shard, advance.Link).Concat(Faults(shard, advance.Link, advance.By, advance.Totals))),
        LinksExpired expired => expired.LinkIds.SelectMany(id => Faults(shard, id)),
        LinksPurged purged => purged.LinkIds.SelectMany(id => Faults(shard, id)),
        ShardMerged merged => Faults(shard, merged.Shard),
        ShardSnapshot snapshot => snapshot.Links.SelectMany(link => Faults(shard, link, snapshot.Retired.Count)),
        _ => [],
    };

    private static IEnumerable<string> Faults(int shard, StoredLink stored, int retired)
    {
        var faults = Faults(shard, stored.Link).Concat(stored.Held.SelectMany(held => Faults(shard, stored.Link, held.Key, held.Value)));
        return stored.Retired is { } sum && TotalBound.Largest(sum) / TotalBound.Max > (ulong)retired
            ? faults.Append(Said($"Link {stored.Link.Id} holds {TotalBound.Largest(sum)} of {retired} retired sources, which is beyond any traffic."))
            : faults;
    }

    private static IEnumerable<string> Faults(int shard, NetworkLink link) =>
        Enum.IsDefined(link.Role) ? Faults(shard, link.Id) : [Said($"Link {link.Id} has role {(int)link.Role}, which there is not.")];

    private static IEnumerable<string> Faults(int shard, NetworkLink link, Contributor by, LinkTotals totals)
    {
        if (by.Origin != 0)
        {
            foreach (var fault in Faults(shard, by.Origin))
            {
                yield return fault;
            }
        }

        if (TotalBound.Largest(totals) >= TotalBound.Max)
        {
            yield return Said($"Link {link.Id} holds {TotalBound.Largest(totals)} of {by.Source.NodeName}, which is beyond any traffic.");
        }
    }

    private static IEnumerable<string> Faults(int shard, ulong linkId)
    {
        var owner = LinkSharding.ShardOf(linkId, LinkSharding.DefaultShardCount);
        return owner == shard ? [] : [Said($"Link {linkId} belongs to shard {owner}, not to {shard}.")];
    }

    private static string Said(FormattableString fault) => fault.ToString(CultureInfo.InvariantCulture);
}
