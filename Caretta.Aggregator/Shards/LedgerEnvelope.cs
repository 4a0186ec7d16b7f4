namespace Caretta.Aggregator.Shards;

/// <summary>To the ledger of a shard, wherever it lives.</summary>
internal sealed record LedgerEnvelope(int Shard, ILedgerMessage Message) : IMemberMessage;
