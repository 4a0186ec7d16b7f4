using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary><c>struct live</c> of caretta.h: what a live socket has counted and its flow has not got yet.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal readonly record struct LiveSocket
{
    public const int Size = 112;

    public FlowKey Key { get; init; }

    /// <summary>The flow's counts, read before the socket's.</summary>
    public ulong FlowSent { get; init; }

    public ulong FlowReceived { get; init; }

    public ulong PendingSent { get; init; }

    public ulong PendingReceived { get; init; }

    /// <summary>Same clock as <see cref="FlowRecord.ChangedNs"/>.</summary>
    public ulong LookedNs { get; init; }
}
