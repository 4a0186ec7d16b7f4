using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Caretta.Node.Kernel;

/// <summary>
/// The processes as /proc has them, where no iterator tells. Of a process that the agent may not trace (CAP_SYS_PTRACE) the network namespace is not told, and
/// it is left out.
/// </summary>
internal static class ProcessFolders
{
    private const string Namespace = "net:[";
    private const string VersionTwo = "0::";

    public static IReadOnlyList<ProcessRecord> Read()
    {
        var processes = new List<ProcessRecord>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (uint.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ProcessIn(folder, pid) is { } process)
            {
                processes.Add(process);
            }
        }

        return processes;
    }

    /// <summary>Null if it has ended.</summary>
    private static ProcessRecord? ProcessIn(string folder, uint pid)
    {
        try
        {
            return new FileInfo($"{folder}/ns/net").LinkTarget is { } net && net.StartsWith(Namespace, StringComparison.Ordinal)
                ? new ProcessRecord
                {
                    CgroupId = CgroupOf(File.ReadAllText($"{folder}/cgroup")),
                    Netns = uint.Parse(net[Namespace.Length..^1], CultureInfo.InvariantCulture),
                    Pid = pid,
                    Comm = Packed(File.ReadAllText($"{folder}/comm").TrimEnd('\n')),
                }
                : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ulong CgroupOf(string cgroups)
    {
        var path = cgroups.Split('\n').FirstOrDefault(line => line.StartsWith(VersionTwo, StringComparison.Ordinal));
        return path is null || CgroupTree.Root is not { } root ? 0 : Libc.InodeOf(root + path[VersionTwo.Length..]) ?? 0;
    }

    private static UInt128 Packed(string comm)
    {
        Span<byte> name = stackalloc byte[FlowKey.CommLength];
        name.Clear();
        var bytes = Encoding.UTF8.GetBytes(comm);
        bytes.AsSpan(0, Math.Min(bytes.Length, FlowKey.CommLength - 1)).CopyTo(name);
        return MemoryMarshal.Read<UInt128>(name);
    }
}
