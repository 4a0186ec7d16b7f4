using Akka.Actor;

namespace Caretta.Node.Forward;

/// <summary>From the forwarder: the stream has ended, and with it all that was asked and not answered.</summary>
/// <param name="HeardAt">When the aggregator was last heard of, by the monotonic clock.</param>
public sealed record DirectoryLost(TimeSpan HeardAt) : INoSerializationVerificationNeeded;
