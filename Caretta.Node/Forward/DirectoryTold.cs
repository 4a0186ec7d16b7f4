using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>From the forwarder: how it stands with the directory of the aggregator it is connected to.</summary>
public sealed record DirectoryTold(DirectoryState State) : INoSerializationVerificationNeeded;
