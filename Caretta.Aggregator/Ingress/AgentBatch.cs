namespace Caretta.Aggregator.Ingress;

/// <summary>A batch that kept the rules.</summary>
internal sealed record AgentBatch(int Shard, ulong Id, uint Opening, ulong Watermark, CheckedBatch Contents);
