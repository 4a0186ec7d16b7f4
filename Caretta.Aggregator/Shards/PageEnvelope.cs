using Akka.Actor;
using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Shards;

/// <summary>To who keeps the page of a shard, told to the shard from inside it.</summary>
internal sealed record PageEnvelope(int Shard, OpenPage Message) : INoSerializationVerificationNeeded;
