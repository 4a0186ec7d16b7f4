using Akka.Actor;

namespace Caretta.Aggregator.Ingress;

/// <summary>To whoever keeps this member's streams: one has begun. It is kept until the stream's actor ends.</summary>
internal sealed record StreamBegun(string NodeName, IActorRef Stream) : INoSerializationVerificationNeeded;

/// <summary>To the same: have every agent unload. Answered with <see cref="UnloadOutcomes"/>.</summary>
internal sealed record UnloadAll(TimeSpan Within) : INoSerializationVerificationNeeded;

/// <param name="Refused">Nobody was asked: too many ask at one time.</param>
internal sealed record UnloadOutcomes(IReadOnlyList<UnloadOutcome> Agents, bool Refused = false) : INoSerializationVerificationNeeded;

/// <param name="Problem">Null: it has unloaded.</param>
internal sealed record UnloadOutcome(string NodeName, string? Problem) : INoSerializationVerificationNeeded;

/// <summary>To a stream: have your agent unload. Answered with <see cref="UnloadOutcome"/>, or with the stream's end.</summary>
internal sealed record UnloadAgent : INoSerializationVerificationNeeded
{
    public static UnloadAgent Instance { get; } = new();
}

/// <summary>An agent's own word, checked.</summary>
/// <param name="Problem">As above.</param>
internal sealed record AgentUnloaded(string? Problem) : INoSerializationVerificationNeeded;
