using Caretta.EndToEnd.Tests.Programs;
using Caretta.SimulatedAgents;

namespace Caretta.EndToEnd.Tests.Cluster;

/// <summary>What all members together export, by series.</summary>
internal sealed class Exported(IReadOnlyDictionary<string, decimal> series)
{
    private const string Simulated = "client_namespace=\"simulated\"";

    public Ends Of(string node) => new(
        Sum("caretta_link_sent_bytes_total", 1, "client", node),
        Sum("caretta_link_received_bytes_total", 1, "client", node),
        Sum("caretta_link_sent_bytes_total", 2, "server", node),
        Sum("caretta_link_received_bytes_total", 2, "server", node),
        Sum("caretta_link_connections_opened_total", 1, "client", node),
        Sum("caretta_link_connections_closed_total", 1, "client", node));

    /// <summary>Which links of the simulated agents are not exported at their truth, the first few.</summary>
    public IEnumerable<string> Unlike(FleetTruth truth)
    {
        var (sent, received) = (ByLink(LinkPage.Observed), ByLink("caretta_link_received_bytes_total{"));
        var (opened, closed) = (ByLink("caretta_link_connections_opened_total{"), ByLink("caretta_link_connections_closed_total{"));
        var unlike = from link in truth.Links
                     let found = (sent.GetValueOrDefault(link.Key), received.GetValueOrDefault(link.Key), opened.GetValueOrDefault(link.Key), closed.GetValueOrDefault(link.Key))
                     where found != (link.Value.Sent, link.Value.Received, link.Value.Opened, link.Value.Closed)
                     select $"link {link.Key}: exported {found}, truth {link.Value}";
        return unlike.Concat(sent.Keys.Except(truth.Links.Keys).Select(link => $"link {link} is nobody's")).Take(5);
    }

    private decimal Sum(string name, int role, string end, string node) => series
        .Where(one => one.Key.StartsWith($"{name}{{", StringComparison.Ordinal)
            && one.Key.Contains($"role=\"{role}\"", StringComparison.Ordinal)
            && one.Key.Contains($"{end}_namespace=\"{node}\"", StringComparison.Ordinal))
        .Sum(one => one.Value);

    private Dictionary<string, decimal> ByLink(string name) => series
        .Where(one => one.Key.StartsWith(name, StringComparison.Ordinal) && one.Key.Contains(Simulated, StringComparison.Ordinal))
        .GroupBy(one => $"{LinkPage.LinkOf(one.Key)}")
        .ToDictionary(link => link.Key, link => link.Sum(one => one.Value));
}
