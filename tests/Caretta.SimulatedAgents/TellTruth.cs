using Akka.Actor;

namespace Caretta.SimulatedAgents;

internal sealed record TellTruth : INoSerializationVerificationNeeded;
