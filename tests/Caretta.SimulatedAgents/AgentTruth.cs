using Akka.Actor;
using Caretta.Messages;

namespace Caretta.SimulatedAgents;

/// <summary>One agent's answer to <see cref="TellTruth"/>.</summary>
/// <param name="IsDone">It has polled as often as it should, or was told to stop.</param>
internal sealed record AgentTruth(IReadOnlyList<(ulong LinkId, LinkTotals Totals)> Links, ulong Polls, int Incarnations, int Restarts, bool IsDone)
    : INoSerializationVerificationNeeded;
