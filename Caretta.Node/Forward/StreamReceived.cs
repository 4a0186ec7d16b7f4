using Akka.Actor;
using Caretta.Messages.Wire;

namespace Caretta.Node.Forward;

/// <param name="Stream">Which one: an older stream's last words must not be taken for the present one's.</param>
public sealed record StreamReceived(int Stream, FromAggregator Message) : INoSerializationVerificationNeeded;
