using Caretta.Aggregator.Links;
using Caretta.Messages;

namespace Caretta.Aggregator.Journal;

/// <summary>Everything the journal holds of a shard, at one sequence number.</summary>
internal sealed record ShardSnapshot(IReadOnlyList<StoredLink> Links, IReadOnlyList<KeyValuePair<Source, ulong>> Watermarks);

internal sealed record StoredLink(NetworkLink Link, bool Expired, IReadOnlyList<KeyValuePair<Contributor, LinkTotals>> Held);
