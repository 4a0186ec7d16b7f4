using System.Globalization;

namespace Caretta.Node.Kernel;

/// <summary>What this kernel offers and what this process may do with it.</summary>
/// <param name="Features">What programs may use; <see cref="KernelFeatures.None"/> where libbpf cannot be asked.</param>
/// <param name="HasBtf">The kernel tells its own types.</param>
/// <param name="HasBtfFile">There is a file with them.</param>
/// <param name="LibbpfMajor">Major version of libbpf; null if it cannot be loaded.</param>
/// <param name="Capabilities">The effective ones, a bit each as in linux/capability.h.</param>
/// <param name="BpfRefusal">The error of a bpf() call that means nothing; 0 if the kernel answered it.</param>
/// <param name="Lockdown">The line of /sys/kernel/security/lockdown, the mode in force in brackets; empty where there is none, or it may not be read.</param>
/// <param name="IsBpfFileSystem">The pin folder would be in a bpffs.</param>
/// <param name="MayPin">And it may be written to.</param>
public sealed record KernelFacts(
    Version Kernel,
    KernelFeatures Features,
    bool HasBtf,
    bool HasBtfFile,
    uint? LibbpfMajor,
    ulong Capabilities,
    int BpfRefusal,
    string Lockdown,
    bool IsBpfFileSystem,
    bool MayPin)
{
    private const string Btf = "/sys/kernel/btf/vmlinux";
    private const string LockdownFile = "/sys/kernel/security/lockdown";
    private const string HostPidNamespace = "pid:[4026531836]"; // PROC_PID_INIT_INO: the kernel gives the first one always this number

    /// <param name="btfFile">As the setting has it; empty for none.</param>
    public static KernelFacts Read(string pinFolder, string btfFile = "")
    {
        var (library, holds) = (LibraryVersion(), BpfFileSystem.Holds(pinFolder));
        return new(
            Environment.OSVersion.Version,
            library is null ? KernelFeatures.None : KernelFeatures.Probe(),
            File.Exists(Btf),
            File.Exists(btfFile),
            library,
            EffectiveCapabilities(),
            Libc.RefusalOfBpf(),
            Lockdowns(LockdownFile),
            holds,
            holds && BpfFileSystem.IsWritable(pinFolder));
    }

    /// <summary>Whether all processes of the host are to be seen from here.</summary>
    public static bool SharesHostPids() => new FileInfo("/proc/self/ns/pid").LinkTarget is null or HostPidNamespace;

    /// <summary>Whether the cgroups of all pods are to be seen from here.</summary>
    public static bool SeesHostCgroups() => CgroupTree.IsHosts(File.ReadAllText("/proc/self/cgroup"));

    /// <summary>AppArmor's profile for containers lets nobody read it.</summary>
    internal static string Lockdowns(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static uint? LibraryVersion()
    {
        try
        {
            return Libbpf.MajorVersion();
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    private static ulong EffectiveCapabilities()
    {
        const string field = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return ulong.Parse(line[field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
