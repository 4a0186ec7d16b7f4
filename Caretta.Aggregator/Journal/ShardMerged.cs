namespace Caretta.Aggregator.Journal;

/// <summary>Event: an operator added what another journal held of this shard. Written by <c>journal import</c>, while no member runs.</summary>
internal sealed record ShardMerged(DateTimeOffset At, ShardSnapshot Shard);
