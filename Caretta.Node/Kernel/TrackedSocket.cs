using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary><c>struct tracked</c> of tracked.bpf.h: a socket's account on <see cref="ProbePath.Kprobe"/> and <see cref="ProbePath.Plain"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(ulong), Size = Size)]
internal readonly record struct TrackedSocket
{
    public const int Size = 144;

    public FlowKey Key { get; init; }

    public ulong StartNs { get; init; }

    public ulong Sent { get; init; }

    public ulong Received { get; init; }

    public ulong Retransmitted { get; init; }

    public ulong BaseSent { get; init; }

    public ulong BaseReceived { get; init; }

    public ulong TouchedNs { get; init; }

    public ulong ClosedNs { get; init; }

    /// <summary>Both ends', as they lie in the kernel.</summary>
    public uint Ports { get; init; }

    public uint Opened { get; init; }

    /// <summary>Null for a connection that is not established, or closed.</summary>
    public SocketAccount? ToAccount() => ClosedNs != 0 || Key.Family == 0 ? null : new SocketAccount
    {
        Cookie = Name,
        StartNs = StartNs,
        Sent = Sent,
        Received = Received,
        Retransmitted = Retransmitted,
        BaseSent = BaseSent,
        BaseReceived = BaseReceived,
        Role = (byte)Key.Role,
        Opened = (byte)Opened,
        Comm = Key.CommBytes,
    };

    /// <summary><c>name_of</c> of tracked.bpf.h: what a connection is carried over a detach by.</summary>
    private ulong Name
    {
        get
        {
            var name = Mixed(Ports, Key.Netns);
            name = Mixed(Mixed(name, (ulong)Key.LocalIp), (ulong)(Key.LocalIp >> 64));
            return Mixed(Mixed(name, (ulong)Key.RemoteIp), (ulong)(Key.RemoteIp >> 64));
        }
    }

    private static ulong Mixed(ulong name, ulong word)
    {
        name = unchecked((name ^ word) * 0x9e3779b97f4a7c15UL);
        return name ^ (name >> 29);
    }
}
