using Akka.Actor;

namespace Caretta.Node.Forward;

/// <summary>Probe → forwarder.</summary>
/// <param name="Problem">Null: nothing of ours is in the kernel any more, and nothing will be until the next start.</param>
public sealed record UnloadEnded(int Stream, string? Problem) : INoSerializationVerificationNeeded;
