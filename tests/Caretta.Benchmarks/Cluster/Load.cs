namespace Caretta.Benchmarks.Cluster;

internal static class Load
{
    /// <summary>Of the last minute: a figure is worth little without it.</summary>
    public static string Average => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
