using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Aggregator.Ingress;

/// <summary>A batch that kept the rules, from the reader of a stream to its actor.</summary>
internal sealed record AgentBatch(int Shard, ulong Id, ulong Watermark, ulong Base, IReadOnlyList<Report> Reports) : INoSerializationVerificationNeeded;
