using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary><c>struct process</c> of caretta.h: a process, by its first thread.</summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(ulong), Size = Size)]
public readonly record struct ProcessRecord
{
    public const int Size = 40;

    /// <summary>Of version 2; the root's on a host that uses version 1 only.</summary>
    public ulong CgroupId { get; init; }

    /// <summary>Never given twice within a boot, unlike <see cref="Netns"/>; 0 where the kernel does not tell.</summary>
    public ulong NetnsCookie { get; init; }

    /// <summary>Inode number of the network namespace.</summary>
    public uint Netns { get; init; }

    /// <summary>As /proc has it: in this process's own PID namespace.</summary>
    public uint Pid { get; init; }

    /// <summary>The name as the kernel keeps it, 16 bytes: what <see cref="FlowKey.CommBytes"/> are compared with.</summary>
    public UInt128 Comm { get; init; }
}
