using System.Globalization;
using System.Runtime.InteropServices;

namespace Caretta.Benchmarks;

/// <summary>What figures are worth nothing without.</summary>
internal static class Machine
{
    public static string Describe(string benchmark) => string.Create(
        CultureInfo.InvariantCulture,
        $"`make bench BENCH={benchmark}`, {DateTime.UtcNow:yyyy-MM-dd}; {Environment.ProcessorCount} × {Processor()}, "
        + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, "
        + $"{RuntimeInformation.FrameworkDescription}; load average at the end {File.ReadAllText("/proc/loadavg").Split(' ')[0]}.");

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
