using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Batches that go into the journal together.</summary>
internal sealed record Commit(IReadOnlyList<DecidedBatch> Batches)
{
    public bool IsEmpty => Batches.Count == 0;

    /// <summary>Nothing in it is new: acknowledge without writing.</summary>
    public bool NeedsNoEvent => Batches.All(batch => batch.Advances.Count == 0);

    /// <summary>One event for all of them, each link and contributor in it once.</summary>
    /// <param name="state">Of the shard before the event: watermarks build on it.</param>
    /// <param name="listened">The shard's clock.</param>
    public LinksAdvanced ToEvent(DateTimeOffset at, TimeSpan listened, ShardState state)
    {
        var merged = new Dictionary<(ulong, Contributor), LinkAdvance>();
        foreach (var advance in Batches.SelectMany(batch => batch.Advances))
        {
            var key = (advance.Link.Id, advance.By);
            merged[key] = merged.TryGetValue(key, out var other)
                ? advance with { Totals = LinkTotals.Max(other.Totals, advance.Totals) }
                : advance;
        }

        var sources = Batches.GroupBy(batch => batch.Header.Source).ToList();
        return new LinksAdvanced(
            at, [.. merged.Values], [.. sources.Select(of => KeyValuePair.Create(of.Key, Reached(state.Watermark(of.Key), of)))])
        {
            Listened = listened,
            Bases = sources.ToDictionary(of => of.Key, of => state.JournalledWatermark(of.Key)),
        };
    }

    /// <summary>How far one source's batches, one after the other, bring its watermark.</summary>
    private static ulong Reached(ulong held, IEnumerable<DecidedBatch> batches) => batches.Aggregate(
        held, (reached, batch) => HeldSources.Builds(reached, batch.Header.Base) ? Math.Max(reached, batch.Header.Watermark) : reached);
}

/// <param name="Id">The agent's number of the batch.</param>
/// <param name="Base">What the shard must hold for the watermark to be true.</param>
/// <param name="Upstream">Whom to answer; only carried.</param>
/// <param name="TakenAt">When it arrived, on a monotonic clock.</param>
internal sealed record BatchHeader(Source Source, ulong Id, ulong Watermark, ulong Base, object Upstream, long TakenAt);

internal sealed record DecidedBatch(BatchHeader Header, IReadOnlyList<LinkAdvance> Advances);
