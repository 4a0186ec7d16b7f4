using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests;

/// <summary>Whether this machine lets the specs load eBPF programs; if not they are skipped with the reason, or fail when told that they must run.</summary>
internal static class Privileged
{
    public const string Required = "CARETTA_REQUIRE_PRIVILEGED";

    /// <summary>Null when the specs can run.</summary>
    public static string? Missing { get; } = Find() is { } missing && Environment.GetEnvironmentVariable(Required) != "1" ? missing : null;

    private static string? Find() =>
        Environment.UserName != "root" ? "needs root: it loads eBPF programs and makes network namespaces"
        : !File.Exists("/sys/kernel/btf/vmlinux") ? "needs a kernel with BTF (/sys/kernel/btf/vmlinux)"
        : !BpfFileSystem.Holds(BpfFileSystem.MountPoint) && !BpfFileSystem.TryMount() ? $"needs a bpffs at {BpfFileSystem.MountPoint}"
        : null;
}
