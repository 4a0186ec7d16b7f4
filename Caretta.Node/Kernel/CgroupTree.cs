namespace Caretta.Node.Kernel;

/// <summary>The host's cgroups of version 2, by the id that flows carry. On a host with version 1 every socket shows the root only.</summary>
public static class CgroupTree
{
    private static readonly string[] MountPoints = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

    /// <summary>Where it is mounted; null if it is not.</summary>
    internal static string? Root => MountPoints.FirstOrDefault(point => File.Exists(Path.Combine(point, "cgroup.controllers")));

    /// <summary>
    /// Whether the pods' cgroups are to be seen from here. A container is shown its own below that mount point unless it was given the host's; a host
    /// that has none of version 2 has nothing to show.
    /// </summary>
    /// <param name="ownCgroups">What /proc/self/cgroup says.</param>
    public static bool IsHosts(string ownCgroups) =>
        !ownCgroups.Split('\n').Any(line => line.StartsWith("0::", StringComparison.Ordinal)) || (Root is { } root && Libc.InodeOf(root) == CgroupHierarchies.Root);

    /// <returns>Path from the root of the hierarchy (<c>/system.slice/nginx.service</c>) by id; empty where there is none.</returns>
    public static IReadOnlyDictionary<ulong, string> Read() =>
        Root is { } root ? Read(root) : new Dictionary<ulong, string>();

    private static Dictionary<ulong, string> Read(string root)
    {
        var cgroups = new Dictionary<ulong, string>();
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (var folder in Directory.EnumerateDirectories(root, "*", options))
        {
            // The kernel names a cgroup by its inode number. One that ended meanwhile has none.
            if (Libc.InodeOf(folder) is { } id)
            {
                cgroups[id] = folder[root.Length..];
            }
        }

        return cgroups;
    }
}
