namespace Caretta.Aggregator.Journal;

/// <summary>What a shard's ledger must know beyond its shard.</summary>
/// <param name="SnapshotEvery">Events.</param>
/// <param name="RetireAfter">Of silence, see <see cref="Retirement"/>.</param>
internal sealed record LedgerSettings(int ShardCount, int MaxLinksPerShard, int SnapshotEvery, TimeSpan ExpireAfter, TimeSpan RetireAfter);
