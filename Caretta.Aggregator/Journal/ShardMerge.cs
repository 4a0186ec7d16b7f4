using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>
/// Two histories of one shard as one: per link, source and counter the greater total, so that merging what was merged before changes nothing
/// and no byte counts twice. What is known of one source in two ways, retired here and not there, or under <c>~other</c> here and by itself
/// there, counts the way it is held.
/// </summary>
internal static class ShardMerge
{
    public static ShardSnapshot Of(ShardSnapshot held, ShardSnapshot more)
    {
        var retired = more.Retired.Except(held.Retired).ToHashSet();
        var links = new MergedLinks(held, retired.Contains);

        // Sums over different sources are added; of overlapping ones the parts are not known, and the greater is what is certainly true.
        var apart = !more.Retired.Intersect(held.Retired).Any() && !held.Watermarks.Any(of => retired.Contains(of.Key.Incarnation));
        foreach (var link in more.Links)
        {
            links.Add(link, by => !held.Retired.Contains(by.Incarnation), apart);
        }

        HashSet<Guid> gone = [.. held.Retired, .. more.Retired];
        var sources = held.Watermarks.Concat(more.Watermarks).Where(of => !gone.Contains(of.Key.Incarnation)).GroupBy(of => of.Key, of => of.Value).ToList();
        var listened = held.Listened > more.Listened ? held.Listened : more.Listened;
        return new ShardSnapshot(links.Stored, [.. sources.Select(of => KeyValuePair.Create(of.Key, of.Max()))])
        {
            Listened = listened,
            History = held.History,
            Histories = held.Histories,
            Epochs = sources.Where(of => held.Watermarks.Contains(KeyValuePair.Create(of.Key, of.Max())))
                .ToDictionary(of => of.Key, of => held.Epochs.GetValueOrDefault(of.Key)),
            HeardAt = sources.ToDictionary(of => of.Key, of => listened - Min(listened, Min(SilentFor(held, of.Key), SilentFor(more, of.Key)))),
            Retired = [.. held.Retired, .. more.Retired.Except(held.Retired)],
        };
    }

    /// <summary>The two shards' clocks have nothing in common, but how long a source has been silent on each of them has.</summary>
    private static TimeSpan SilentFor(ShardSnapshot shard, Source source) =>
        shard.HeardAt.TryGetValue(source, out var at) ? shard.Listened - at : TimeSpan.MaxValue;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
