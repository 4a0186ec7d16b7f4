using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>System calls the specs need and .NET has no name for. Return -1 with errno set on error.</summary>
internal static partial class Native
{
    public const int NetworkNamespace = 0x40000000; // CLONE_NEWNET
    public const int Unspecified = 0; // AF_UNSPEC

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int EnterNamespace(SafeFileHandle fd, int type);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle socket, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeHandle socket, int level, int name, in int value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafeHandle socket, int level, int name, Span<byte> value, ref int length);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int NewSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeHandle socket, ReadOnlySpan<byte> data, nint count, int flags, ReadOnlySpan<byte> address, int length);

    /// <summary>0: the calling thread.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetCpus(int thread, nint size, in ulong mask);

    /// <summary>0: the calling thread. 1: SCHED_FIFO, before everything that has no such priority.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int thread, int policy, in int priority);
}
