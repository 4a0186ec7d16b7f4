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
    public LinksAdvanced ToEvent(DateTimeOffset at, TimeSpan listened, HistoryStep step, ShardState state)
    {
        var merged = new Dictionary<(ulong, Contributor), LinkAdvance>(Batches.Sum(batch => batch.Advances.Count));
        foreach (var advance in Batches.SelectMany(batch => batch.Advances))
        {
            var key = (advance.Link.Id, advance.By);
            merged[key] = merged.TryGetValue(key, out var other)
                ? advance with { Totals = LinkTotals.Max(other.Totals, advance.Totals) }
                : advance;
        }

        var reached = Batches.GroupBy(batch => batch.Header.Source).ToDictionary(of => of.Key, of => Reached(state, of));
        return new LinksAdvanced(at, [.. merged.Values], [.. reached.Select(of => KeyValuePair.Create(of.Key, of.Value.Sequence))])
        {
            Listened = listened,
            Step = step,
            Epochs = reached.ToDictionary(of => of.Key, of => of.Value.Epoch),
        };
    }

    /// <summary>How far one source's batches bring its watermark, and of which epoch the last of them is.</summary>
    private static (ulong Sequence, ulong Epoch) Reached(ShardState state, IGrouping<Source, DecidedBatch> batches) => batches
        .Where(batch => state.GoesOnFrom(batches.Key, batch.Header.History))
        .Aggregate(
            (Sequence: state.Watermark(batches.Key), Epoch: state.EpochOf(batches.Key)),
            (reached, batch) => batch.Header.Watermark >= reached.Sequence ? (batch.Header.Watermark, batch.Header.Epoch) : reached);
}

/// <param name="Id">The agent's number of the batch.</param>
/// <param name="History">Of which the watermark is true; see <see cref="Journal.History"/>.</param>
/// <param name="Upstream">Whom to answer; only carried.</param>
/// <param name="TakenAt">When it arrived, on a monotonic clock.</param>
internal sealed record BatchHeader(Source Source, ulong Id, ulong Watermark, ulong History, object Upstream, long TakenAt)
{
    /// <inheritdoc cref="LedgerEpoch"/>
    public ulong Epoch { get; init; }
}

internal sealed record DecidedBatch(BatchHeader Header, IReadOnlyList<LinkAdvance> Advances);
