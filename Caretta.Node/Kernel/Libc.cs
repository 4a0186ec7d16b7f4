using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>System calls .NET has no name for. All return -1 with errno set on error.</summary>
internal static partial class Libc
{
    public const int ReadOnly = 0;
    public const int CloseOnExec = 0x80000;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Unlock = 8;
    public const int Interrupted = 4; // EINTR
    public const int TryAgain = 11; // EAGAIN
    public const int NoEntry = 2; // ENOENT
    public const int InvalidArgument = 22; // EINVAL
    public const int BpfFileSystemMagic = unchecked((int)0xcafe4a11);

    /// <summary>O_DIRECTORY, one of the few that differ by architecture.</summary>
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;

    private const string Library = "libc";
    private const int MembarrierGlobal = 1;
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint StatXInode = 0x100;
    private const int StatXSize = 256; // struct statx
    private const int StatXInodeOffset = 32;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport(Library, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle fd, Span<byte> buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle fd, int operation);

    [LibraryImport(Library, EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Mount(string source, string target, string fileSystem, nuint flags, nint data);

    [LibraryImport(Library, EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int FileSystemOf(string path, Span<byte> buffer);

    /// <summary>
    /// Returns after every program that ran when it was called has ended: the kernel waits for an RCU grace period. False where the
    /// kernel does not offer it; callers then rely on the poll that lies between the two phases.
    /// </summary>
    public static bool WaitForRunningPrograms()
    {
        var number = IsArm ? 283 : 324;
        return SystemCall(number, MembarrierGlobal, 0, 0) == 0;
    }

    /// <summary>
    /// Whether bpf() reaches the kernel: a command it does not know is an invalid argument, to whoever may ask at all. A seccomp profile or a
    /// security module says something else. 0 if it does, otherwise what is said instead.
    /// </summary>
    public static int RefusalOfBpf()
    {
        const int unknownCommand = int.MaxValue;
        var number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
        return SystemCall(number, unknownCommand, 0, 0) < 0 && Marshal.GetLastPInvokeError() is var errno && errno != InvalidArgument ? errno : 0;
    }

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    public static partial int ReturnFreedMemory(nuint keep);

    /// <summary>Inode number of what a path names; null if it names nothing.</summary>
    public static ulong? InodeOf(string path) => InodeOf(CurrentDirectory, path, 0);

    public static ulong? InodeOf(SafeHandle file) => InodeOf((int)file.DangerousGetHandle(), "", EmptyPath);

    private static ulong? InodeOf(int folder, string path, int flags)
    {
        Span<byte> answer = stackalloc byte[StatXSize];
        return StatX(folder, path, flags, StatXInode, answer) == 0 ? BitConverter.ToUInt64(answer[StatXInodeOffset..]) : null;
    }

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> buffer);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c);
}
