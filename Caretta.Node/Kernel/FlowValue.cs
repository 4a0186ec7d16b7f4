using System.Runtime.InteropServices;
using Caretta.Messages;

namespace Caretta.Node.Kernel;

/// <summary><c>struct flow</c> of caretta.h, byte for byte.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal readonly struct FlowValue
{
    public const int Size = 232;

    private const ulong NanosecondsPerMicrosecond = 1000;

    public readonly ulong Sent;
    public readonly ulong Received;
    public readonly ulong ClosedSent;
    public readonly ulong ClosedReceived;
    public readonly ulong Opened;
    public readonly ulong Closed;
    public readonly ulong Failed;
    public readonly ulong Retransmitted;
    public readonly ulong RttMicroseconds;
    public readonly ulong RttSamples;
    public readonly ulong ClosedLifetimeNs;
    public readonly ulong BornNs;
    public readonly ulong ChangedNs;
    public readonly ulong Poll;
    private readonly States _states;
    public readonly uint Retiring;

    /// <param name="poll">The current one: levels of an earlier poll are over.</param>
    public FlowRecord ToRecord(in FlowKey key, ulong poll)
    {
        var live = Poll == poll;
        return new FlowRecord(
            key,
            BornNs,
            ChangedNs,
            live,
            Retiring != 0,
            new LinkTotals(
                Sent,
                Received,
                ClosedSent,
                ClosedReceived,
                Opened,
                Closed,
                Failed,
                Retransmitted,
                RttMicroseconds,
                RttSamples,
                ClosedLifetimeNs / NanosecondsPerMicrosecond),
            live ? LinkLevels.Of(_states) : default);
    }

    [System.Runtime.CompilerServices.InlineArray(LinkLevels.StateCount)]
    private struct States
    {
        private uint _first;
    }
}
