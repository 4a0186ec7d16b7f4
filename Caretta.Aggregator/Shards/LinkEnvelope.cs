using Akka.Actor;
using Caretta.Aggregator.Links;

namespace Caretta.Aggregator.Shards;

/// <summary>To a link, told to the shard from inside it: no hop, no serialisation.</summary>
internal sealed record LinkEnvelope(ulong LinkId, ILinkMessage Message) : INoSerializationVerificationNeeded;
