namespace Caretta.Node.Kernel;

/// <summary>Which versions of cgroups the host uses, and so whether a socket shows in which one it is.</summary>
public static class CgroupHierarchies
{
    /// <summary>The kernel's id of the root, where everything is that has not been put anywhere else.</summary>
    public const ulong Root = 1;

    /// <summary>Before it a socket's cgroup is kept where the programs do not read it.</summary>
    private static readonly Version TellsOfSockets = new(5, 15);

    /// <summary>Of this host. /proc/self/cgroup lists every hierarchy that is mounted anywhere, seen from a container too.</summary>
    public static bool SocketsShowCgroups() => SocketsShowCgroups(File.ReadAllText("/proc/self/cgroup"), Environment.OSVersion.Version);

    /// <summary>
    /// Only where version 2 is the only one are sockets known to carry the cgroup that decides what they belong to. Elsewhere flows must be
    /// told apart by process (<see cref="FlowTableOptions.ByProcess"/>) for the processes to be asked.
    /// </summary>
    /// <param name="ownCgroups">What /proc/self/cgroup says: a line for each hierarchy, that of version 2 with the number 0.</param>
    public static bool SocketsShowCgroups(string ownCgroups, Version kernel)
    {
        var hierarchies = ownCgroups.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return kernel >= TellsOfSockets && hierarchies.Length > 0 && hierarchies.All(line => line.StartsWith("0::", StringComparison.Ordinal));
    }
}
