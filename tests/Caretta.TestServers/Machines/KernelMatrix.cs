namespace Caretta.TestServers.Machines;

/// <summary>What <c>.ci/kernels</c> fetched to be booted.</summary>
public static class KernelMatrix
{
    /// <summary>Where it is, as <c>make test-kernels</c> says.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable("CARETTA_KERNELS") is { Length: > 0 } folder ? folder : null;

    /// <summary>All machines are asked for, not some by name.</summary>
    public static bool IsWhole => Asked.Length == 0;

    private static string Asked => Environment.GetEnvironmentVariable("CARETTA_MACHINES") ?? "";

    public static bool Has(string kernel) => IsWhole || Asked.Split(' ').Contains(kernel);

    public static string Vmlinuz(string kernel) => Path.Combine(Folder!, kernel, "vmlinuz");

    /// <summary>busybox and libraries.</summary>
    public static string Root(GuestArchitecture architecture) => Path.Combine(Folder!, architecture == GuestArchitecture.Arm64 ? "root-arm64" : "root-amd64");

    /// <summary>The published guest with its runtime.</summary>
    public static string Guest(GuestArchitecture architecture) => Path.Combine(Folder!, architecture == GuestArchitecture.Arm64 ? "guest-arm64" : "guest-x64");
}
