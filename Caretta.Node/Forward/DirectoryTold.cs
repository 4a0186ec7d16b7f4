using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>From the forwarder: how it stands with the directory of the aggregator it is connected to.</summary>
/// <param name="Stream">For <see cref="AskDirectory"/>.</param>
public sealed record DirectoryTold(int Stream, DirectoryState State) : INoSerializationVerificationNeeded;
