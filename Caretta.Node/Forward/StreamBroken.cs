using Akka.Actor;

namespace Caretta.Node.Forward;

/// <param name="Cause">In words for an operator.</param>
public sealed record StreamBroken(int Stream, string Cause) : INoSerializationVerificationNeeded;
