using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

internal sealed record EndStream(string Reason) : INoSerializationVerificationNeeded;
