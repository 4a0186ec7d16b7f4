namespace Caretta.Node.Probe;

/// <summary>The kernel's name for the time since the host was started.</summary>
internal static class BootId
{
    private const string Path = "/proc/sys/kernel/random/boot_id";

    public static string Of(NodeOptions options) => options.BootId.Length > 0 ? options.BootId : File.ReadAllText(Path).Trim();
}
