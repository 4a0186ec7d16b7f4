namespace Caretta.Aggregator.Journal;

/// <summary>What a shard's ledger must know beyond its shard.</summary>
/// <param name="SnapshotEvery">Events.</param>
internal sealed record LedgerSettings(int ShardCount, int MaxLinksPerShard, int SnapshotEvery, TimeSpan ExpireAfter);
