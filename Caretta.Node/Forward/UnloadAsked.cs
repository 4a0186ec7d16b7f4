using Akka.Actor;

namespace Caretta.Node.Forward;

/// <summary>Forwarder → probe: an aggregator that has proven itself has this host unloaded. The answer is <see cref="UnloadEnded"/>.</summary>
/// <param name="Stream">On which it was said; the answer is for no other.</param>
public sealed record UnloadAsked(int Stream) : INoSerializationVerificationNeeded;
