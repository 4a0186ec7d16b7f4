using System.Globalization;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>
/// Names for network namespaces, which all runs on this machine share: each has the number of the process that made it, and another one each time, since
/// classes run beside each other.
/// </summary>
internal static class HostNames
{
    private const string Prefix = "caretta-spec-";
    private const string Folder = "/run/netns";

    private static int _last;

    static HostNames() => RemoveLeftovers();

    /// <summary>What the names of some hosts that belong together begin with.</summary>
    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");

    /// <summary>Of runs that were killed, among them one that had our number.</summary>
    private static void RemoveLeftovers()
    {
        var names = Directory.Exists(Folder) ? Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)) : [];
        foreach (var name in names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var process = name[Prefix.Length..].Split('-')[0];
            if (process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) || !Directory.Exists($"/proc/{process}"))
            {
                Command.Try("ip", "netns", "del", name);
            }
        }
    }
}
