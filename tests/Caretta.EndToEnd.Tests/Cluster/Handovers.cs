using Caretta.Messages;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>
/// What members logged of their exports, against what scrapes found: no scrape that began after a shard's next owner first exported it finds it at one
/// before. And how long shards were away between two owners.
/// </summary>
internal sealed class Handovers
{
    /// <summary>Moves with less than this between them belong to one rebalance.</summary>
    private const long RestBetween = 3_000_000_000;

    private readonly ILookup<int, ExportRecord> _records;

    public Handovers(IEnumerable<ExportRecord> records) => _records = records.OrderBy(record => record.From).ToLookup(record => record.Shard);

    /// <summary>Each time a shard's next owner was another process than the one before.</summary>
    public IReadOnlyList<(ExportRecord Before, ExportRecord After)> Moves =>
        [.. _records.SelectMany(shard => shard.Zip(shard.Skip(1), (before, after) => (Before: before, After: after))).Where(move => move.Before.Life != move.After.Life)];

    /// <summary>How often shards moved, all that moved together counted once.</summary>
    public int Rebalances
    {
        get
        {
            var (count, last) = (0, long.MinValue / 2);
            foreach (var at in Moves.Select(move => move.After.From).Order())
            {
                count += at - last > RestBetween ? 1 : 0;
                last = at;
            }

            return count;
        }
    }

    /// <summary>Of shards handed over in good order: until nobody exported them, and from when somebody did.</summary>
    public IEnumerable<(int Shard, long Until, long From)> Gaps =>
        from move in Moves
        where move.Before.Until is not null
        select (move.Before.Shard, move.Before.Until!.Value, move.After.From);

    /// <summary>What was found at an owner of before.</summary>
    public IEnumerable<string> FoundLate(IEnumerable<SeenShards> pages) =>
        from page in pages
        from shard in Enumerable.Range(0, LinkSharding.DefaultShardCount)
        where page.Has(shard)
        let next = NextOwner(page, shard)
        where next is not null
        let ms = (page.Began - next.From) / 1_000_000
        select $"shard {shard} was found at {page.Member} by a scrape that began {ms} ms after its next owner first exported it";

    /// <summary>
    /// The owner after the one that showed the page, if there was one when it began. A scrape takes the links some time after it began: it may find a shard that its member exported meanwhile.
    /// </summary>
    private ExportRecord? NextOwner(SeenShards page, int shard)
    {
        var own = _records[shard].LastOrDefault(record => record.Life == page.Life && record.From <= page.Ended);
        // The last words of a process that was killed may be lost: then its links are nobody's that we know of.
        return own is null ? null : _records[shard].LastOrDefault(record => record.Life != page.Life && record.From > own.From && record.From <= page.Began);
    }
}
