using System.Runtime.CompilerServices;

namespace Caretta.EndToEnd.Tests.Metrics;

/// <summary>What the checkout ships for those who scrape.</summary>
internal static class Shipped
{
    public static string Metrics { get; } = In("k8s/chart/caretta", "metrics");

    public static string Dashboards { get; } = In("k8s/chart/caretta", "dashboards");

    public static string Queries { get; } = In("docs", "queries.md");

    private static string In(string folder, string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", folder, name));
}
