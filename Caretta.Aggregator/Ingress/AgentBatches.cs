using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>Batches of one message, from the reader of a stream to its actor.</summary>
internal sealed record AgentBatches(IReadOnlyList<AgentBatch> Batches) : INoSerializationVerificationNeeded;
