using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Batches that go into the journal together.</summary>
internal sealed record Commit(IReadOnlyList<DecidedBatch> Batches)
{
    public bool IsEmpty => Batches.Count == 0;

    /// <summary>Nothing in it is new: acknowledge without writing.</summary>
    public bool NeedsNoEvent => Batches.All(batch => batch.Advances.Count == 0);

    public IEnumerable<KeyValuePair<Source, ulong>> Watermarks => Batches
        .GroupBy(batch => batch.Header.Source)
        .Select(group => KeyValuePair.Create(group.Key, group.Max(batch => batch.Header.Watermark)));

    /// <summary>One event for all of them, each link and contributor in it once.</summary>
    public LinksAdvanced ToEvent(DateTimeOffset at)
    {
        var merged = new Dictionary<(ulong, Contributor), LinkAdvance>();
        foreach (var advance in Batches.SelectMany(batch => batch.Advances))
        {
            var key = (advance.Link.Id, advance.By);
            merged[key] = merged.TryGetValue(key, out var other)
                ? advance with { Totals = LinkTotals.Max(other.Totals, advance.Totals) }
                : advance;
        }

        return new LinksAdvanced(at, [.. merged.Values], [.. Watermarks]);
    }
}

/// <param name="Id">The agent's number of the batch.</param>
/// <param name="Upstream">Whom to answer; only carried.</param>
/// <param name="TakenAt">When it arrived, on a monotonic clock.</param>
internal sealed record BatchHeader(Source Source, ulong Id, ulong Watermark, object Upstream, long TakenAt);

internal sealed record DecidedBatch(BatchHeader Header, IReadOnlyList<LinkAdvance> Advances);
