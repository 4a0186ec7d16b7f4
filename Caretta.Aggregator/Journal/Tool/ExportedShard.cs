using Caretta.Aggregator.Directory.Externals;
using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>What a ledger holds as lines of an export, in an order that depends on nothing else.</summary>
internal static class ExportedShard
{
    public static IEnumerable<ExportLine> Lines(int shard, long sequence, ShardSnapshot snapshot)
    {
        yield return new ExportShard(
            shard, sequence, (long)snapshot.Listened.TotalMilliseconds, snapshot.Watermarks.Count, snapshot.Retired.Count, snapshot.Links.Count);
        foreach (var (source, watermark) in snapshot.Watermarks.OrderBy(of => of.Key.NodeName, StringComparer.Ordinal).ThenBy(of => of.Key.Incarnation))
        {
            var heard = snapshot.HeardAt.GetValueOrDefault(source);
            yield return new ExportSource(shard, source.NodeName, Text(source.Incarnation), watermark, (long)heard.TotalMilliseconds);
        }

        foreach (var incarnation in snapshot.Retired.Order())
        {
            yield return new ExportRetired(shard, Text(incarnation));
        }

        foreach (var stored in snapshot.Links.OrderBy(stored => stored.Link.Id))
        {
            yield return Line(shard, stored);
        }
    }

    public static IEnumerable<ExportLine> Lines(GrantsSnapshot grants) => grants.Workloads.OrderBy(workload => workload.Local)
        .Select(workload => new ExportGrants(workload.Local, workload.Externals, workload.Renewed));

    public static string Text(Guid incarnation) => incarnation.ToString("N");

    public static string Text(Role role) => role == Role.Client ? "client" : "server";

    private static ExportLink Line(int shard, StoredLink stored)
    {
        var link = stored.Link;
        var held = stored.Held.OrderBy(entry => entry.Key.Source.NodeName, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Source.Incarnation).ThenBy(entry => entry.Key.Origin).Select(Line);
        return new ExportLink(
            shard, link.Id, link.Client, link.Server, link.ServerPort, Text(link.Role), stored.Expired, stored.Retired, [.. held]);
    }

    private static ExportTotals Line(KeyValuePair<Contributor, LinkTotals> held) =>
        new(held.Key.Source.NodeName, Text(held.Key.Source.Incarnation), held.Key.Origin, held.Value);
}
