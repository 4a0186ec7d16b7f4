using System.Globalization;

namespace Caretta.Benchmarks.Memory;

/// <summary>
/// A memory cgroup below this process's own, version 1 or 2, so that what the kernel holds for a process shows: page tables, sockets,
/// eBPF tables, pages of files. Gone when disposed of, if its processes are.
/// </summary>
internal sealed class MemoryCgroup : IDisposable
{
    private readonly string _folder;
    private readonly bool _unified;

    private MemoryCgroup(string folder, bool unified) => (_folder, _unified) = (folder, unified);

    public string Description => _unified ? "a memory cgroup of version 2" : "a memory cgroup of version 1";

    /// <summary>The file that takes the number of a process to move here.</summary>
    public string Processes => Path.Combine(_folder, "cgroup.procs");

    public long TotalBytes => Number(_unified ? "memory.current" : "memory.usage_in_bytes");

    public long KernelBytes => _unified ? Statistic("kernel") : Number("memory.kmem.usage_in_bytes");

    /// <summary>Pages of files: the kernel takes them back when somebody needs the memory.</summary>
    public long FileBytes => Statistic(_unified ? "file" : "cache");

    /// <returns>Null where this host does not let us make one.</returns>
    public static MemoryCgroup? Create(string name)
    {
        var memberships = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).ToList();
        var versionOne = memberships.FirstOrDefault(membership => membership[1].Split(',').Contains("memory"));
        var own = versionOne ?? memberships.FirstOrDefault(membership => membership[0] == "0");
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(
            mount => versionOne is null ? mount[2] == "cgroup2" : mount[2] == "cgroup" && mount[3].Split(',').Contains("memory"))?[1];
        if (own is null || mount is null)
        {
            return null;
        }

        var parent = mount + own[2].TrimEnd('/');
        var cgroup = new MemoryCgroup(Path.Combine(parent, name), versionOne is null);
        try
        {
            if (cgroup._unified)
            {
                File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "+memory");
            }

            System.IO.Directory.CreateDirectory(cgroup._folder);
            return cgroup;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose() => System.IO.Directory.Delete(_folder);

    private long Number(string file) => long.Parse(File.ReadAllText(Path.Combine(_folder, file)), CultureInfo.InvariantCulture);

    private long Statistic(string name) => File.ReadLines(Path.Combine(_folder, "memory.stat")).Select(line => line.Split(' '))
        .Where(line => line[0] == name).Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).FirstOrDefault();
}
