namespace Caretta.TestServers;

/// <param name="Shipped">The folder of the scrape configurations and rules.</param>
/// <param name="CaFile">The authority of the aggregators' certificates.</param>
/// <param name="Aggregators">host:port of the members' /metrics. One that is not there yet may be named.</param>
/// <param name="Agents">host:port of the agents' /metrics.</param>
/// <param name="Interval">Of scrapes, and of Prometheus' rules, in its spelling, instead of the shipped one.</param>
public sealed record MonitoringSettings(
    string Shipped, string CaFile, IReadOnlyList<string> Aggregators, IReadOnlyList<string> Agents, string Interval = "500ms");
