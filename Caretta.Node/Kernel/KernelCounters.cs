namespace Caretta.Node.Kernel;

/// <summary>What the programs count about themselves, since the tables were made; <c>enum counter</c> of caretta.h.</summary>
/// <param name="Enrolled">Sockets older than the programs that were taken on.</param>
/// <param name="UnobservedSockets">Sockets whose first bytes could not be seen: they start from a baseline.</param>
/// <param name="UnobservedBytes">The sum of those baselines, sent and received.</param>
/// <param name="Overflowed">Times the flow table was full and the overflow table took the counts.</param>
/// <param name="LostFlows">Times the overflow table was full as well.</param>
/// <param name="LostBytes">The bytes of those times.</param>
/// <param name="StorageFailed">Times there was no room for a socket's account: the kernel refused memory, or the sockets' table was full.</param>
/// <param name="UnseenEnds">Sockets that were gone without their close being seen: what they counted last is lost.</param>
public readonly record struct KernelCounters(
    ulong Enrolled,
    ulong UnobservedSockets,
    ulong UnobservedBytes,
    ulong Overflowed,
    ulong LostFlows,
    ulong LostBytes,
    ulong StorageFailed,
    ulong UnseenEnds = 0);
