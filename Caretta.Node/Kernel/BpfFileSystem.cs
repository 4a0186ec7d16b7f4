using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Where pins live.</summary>
internal static class BpfFileSystem
{
    public const string MountPoint = "/sys/fs/bpf";
    private const int StatFsSize = 256;

    /// <summary>True if a folder of this name is, or would be, in a bpffs.</summary>
    public static bool Holds(string folder)
    {
        Span<byte> answer = stackalloc byte[StatFsSize]; // struct statfs begins with f_type
        return Libc.FileSystemOf(Existing(folder), answer) == 0 && MemoryMarshal.Read<int>(answer) == Libc.BpfFileSystemMagic;
    }

    /// <summary>Whether folders may be made there. One is made, and removed: a security module that refuses it is asked by nothing less.</summary>
    public static bool IsWritable(string folder)
    {
        var trial = Path.Combine(Existing(folder), $"trial-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Mounts one where the kernel has its place for it. False where we may not.</summary>
    public static bool TryMount() => Directory.Exists(MountPoint) && Libc.Mount("bpf", MountPoint, "bpf", 0, 0) == 0;

    private static string Existing(string folder)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        return existing;
    }
}
