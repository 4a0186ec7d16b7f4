using Akka.Actor;

namespace Caretta.SimulatedAgents;

/// <summary>No more changes; what was counted is still reported until it is acknowledged.</summary>
internal sealed record StopPolling : INoSerializationVerificationNeeded;
