using System.Globalization;

namespace Caretta.Node.Kernel;

/// <summary>What this kernel offers and what this process may do with it.</summary>
/// <param name="LibbpfMajor">Major version of libbpf; null if it cannot be loaded.</param>
/// <param name="Capabilities">The effective ones, a bit each as in linux/capability.h.</param>
/// <param name="Lockdown">The line of /sys/kernel/security/lockdown, the mode in force in brackets; empty where there is none.</param>
/// <param name="IsBpfFileSystem">The pin folder would be in a bpffs.</param>
public sealed record KernelFacts(
    Version Kernel, bool HasBtf, uint? LibbpfMajor, ulong Capabilities, string Lockdown, bool IsBpfFileSystem)
{
    private const string Btf = "/sys/kernel/btf/vmlinux";
    private const string LockdownFile = "/sys/kernel/security/lockdown";

    public static KernelFacts Read(string pinFolder) => new(
        Environment.OSVersion.Version,
        File.Exists(Btf),
        LibraryVersion(),
        EffectiveCapabilities(),
        File.Exists(LockdownFile) ? File.ReadAllText(LockdownFile).Trim() : "",
        BpfFileSystem.Holds(pinFolder));

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
