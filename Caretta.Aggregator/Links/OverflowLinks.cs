using System.Globalization;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The <c>~other</c> link of a shard and role: where links are counted for which a shard has no room.</summary>
internal static class OverflowLinks
{
    public const string Name = "~other";

    /// <summary>
    /// The id decides the shard, so the server's name carries the first number that leads to the shard wanted. Part of the stored state.
    /// </summary>
    public static NetworkLink For(int shard, int shardCount, Role role)
    {
        for (var number = 0; ; number++)
        {
            var server = new Workload(Name, Name, Name + "-" + number.ToString(CultureInfo.InvariantCulture));
            var link = new NetworkLink(new Workload(Name, Name, Name), server, 0, role);
            if (LinkSharding.ShardOf(link, shardCount) == shard)
            {
                return link;
            }
        }
    }
}
