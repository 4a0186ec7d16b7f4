using Caretta.Messages;

namespace Caretta.Node.Kernel;

/// <summary>One flow as a poll found it. Its totals only grow; (<paramref name="Key"/>, <paramref name="BornNs"/>) names it within a boot.</summary>
/// <param name="BornNs">First insertion into the table, nanoseconds of the monotonic clock.</param>
/// <param name="ChangedNs">Last change of a count, same clock.</param>
/// <param name="Live">The latest fold found a live socket here; <paramref name="Levels"/> are empty otherwise.</param>
/// <param name="Retiring">Later counts go to the key's other slot: one poll later these are final.</param>
public readonly record struct FlowRecord(
    FlowKey Key,
    ulong BornNs,
    ulong ChangedNs,
    bool Live,
    bool Retiring,
    LinkTotals Totals,
    LinkLevels Levels);
