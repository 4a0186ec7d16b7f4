using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary><c>struct socket_account</c> of caretta.h: what has been counted of a live socket, so that the next programs go on from it.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct SocketAccount
{
    public const int Size = 80;

    /// <summary>The kernel's name for the socket, unique within a boot.</summary>
    public ulong Cookie { get; init; }

    public ulong StartNs { get; init; }

    /// <summary>Already counted in the flow table.</summary>
    public ulong Sent { get; init; }

    public ulong Received { get; init; }

    public ulong Retransmitted { get; init; }

    /// <summary>Present before we looked: never counted.</summary>
    public ulong BaseSent { get; init; }

    public ulong BaseReceived { get; init; }

    public byte Role { get; init; }

    /// <summary>1 when the connection is already counted as opened.</summary>
    public byte Opened { get; init; }

    private readonly ushort _pad1;
    private readonly uint _pad2;

    /// <summary>The owning process's name, 16 bytes; zeros where flows are not told apart by process.</summary>
    public UInt128 Comm { get; init; }
}
