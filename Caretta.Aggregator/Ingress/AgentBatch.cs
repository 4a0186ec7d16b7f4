using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>A batch that kept the rules, from the reader of a stream to its actor.</summary>
internal sealed record AgentBatch(int Shard, ulong Id, uint Opening, ulong Watermark, CheckedBatch Contents)
    : INoSerializationVerificationNeeded;
