namespace Caretta.TestServers;

/// <summary>A copy of the scrape configuration and rules that are shipped, in a folder of its own, as somebody would install them.</summary>
internal sealed class ShippedMonitoring
{
    private const string ShippedInterval = "15s";

    private ShippedMonitoring(string folder) => Folder = folder;

    public static IReadOnlyList<string> Rules { get; } = ["rules-links.yml", "rules-alerts.yml"];

    public string Folder { get; }

    public static ShippedMonitoring Install(MonitoringSettings settings, string scrapeConfiguration)
    {
        var installed = new ShippedMonitoring(Directory.CreateTempSubdirectory("caretta-monitoring-").FullName);
        foreach (var file in Rules.Append(scrapeConfiguration))
        {
            var text = File.ReadAllText(Path.Combine(settings.Shipped, file));
            File.WriteAllText(installed.PathOf(file), text.Replace($"_interval: {ShippedInterval}", $"_interval: {settings.Interval}", StringComparison.Ordinal));
        }

        File.Copy(settings.CaFile, installed.PathOf("ca.crt"));
        Directory.CreateDirectory(installed.PathOf("targets"));
        File.WriteAllText(installed.PathOf("targets/aggregators.yml"), Targets(settings.Aggregators));
        File.WriteAllText(installed.PathOf("targets/agents.yml"), Targets(settings.Agents));
        return installed;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>As the shipped file says it is done where HttpSecurity is Off.</summary>
    private static string Targets(IEnumerable<string> addresses) =>
        $"- targets: [{string.Join(", ", addresses.Select(address => $"\"{address}\""))}]\n  labels: {{__scheme__: http}}\n";
}
