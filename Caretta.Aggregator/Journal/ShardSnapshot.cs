using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Everything the journal holds of a shard, at one sequence number.</summary>
internal sealed record ShardSnapshot(IReadOnlyList<StoredLink> Links, IReadOnlyList<KeyValuePair<Source, ulong>> Watermarks)
{
    /// <inheritdoc cref="LinksAdvanced.Listened"/>
    public TimeSpan Listened { get; init; }

    /// <summary>When each source was last heard of, on that clock. Missing: when it began.</summary>
    public IReadOnlyDictionary<Source, TimeSpan> HeardAt { get; init; } = new Dictionary<Source, TimeSpan>();

    /// <inheritdoc cref="ShardState.History"/>
    public ulong History { get; init; }

    /// <inheritdoc cref="HeldSources.HistoryOf"/>
    public IReadOnlyDictionary<Source, ulong> Histories { get; init; } = new Dictionary<Source, ulong>();

    /// <inheritdoc cref="LinksAdvanced.Epochs"/>
    public IReadOnlyDictionary<Source, ulong> Epochs { get; init; } = new Dictionary<Source, ulong>();

    /// <summary>Incarnations whose totals were folded into their links.</summary>
    public IReadOnlyCollection<Guid> Retired { get; init; } = [];
}

internal sealed record StoredLink(NetworkLink Link, bool Expired, IReadOnlyList<KeyValuePair<Contributor, LinkTotals>> Held)
{
    /// <summary>Sum over the sources that were retired; null if none was.</summary>
    public LinkTotals? Retired { get; init; }

    public LinkSeen Seen { get; init; }
}
