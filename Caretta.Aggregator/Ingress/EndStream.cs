using Akka.Actor;
using Caretta.Messages.Wire;

namespace Caretta.Aggregator.Ingress;

internal sealed record EndStream(string Reason, RefusalKind Kind = RefusalKind.RefusalUnavailable) : INoSerializationVerificationNeeded;
