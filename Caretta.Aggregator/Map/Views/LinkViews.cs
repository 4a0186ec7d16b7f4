using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Trails;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Views;

/// <summary>Links, edges and workloads one by one.</summary>
internal static class LinkViews
{
    /// <summary>The kernel's names in lower case, as on /metrics.</summary>
    private static readonly string[] States =
    [
        "", "established", "syn_sent", "syn_recv", "fin_wait1", "fin_wait2", "time_wait", "close", "close_wait", "last_ack", "listen", "closing",
    ];

    public static WorkloadName Name(Workload workload) => new(MapIds.Of(workload), workload.Namespace, workload.Kind, workload.Name, workload.Owner);

    public static LinkItem Item(LinkFact link, DateTimeOffset now)
    {
        var (figures, rates) = (link.Figures, link.Rates);
        var (rtt, samples) = rates.RttSamples > 0 ? (rates.RttMicroseconds, rates.RttSamples) : (figures.RttMicroseconds, figures.RttSamples);
        var active = link.Levels.ActiveConnections;
        return new LinkItem(
            MapIds.OfLink(link.Link.Id),
            MapIds.OfEdge(link.EdgeId),
            link.Link.Role == Role.Client ? "client" : "server",
            Name(link.Link.Client),
            Name(link.Link.Server),
            link.Link.ServerPort,
            figures.SentBytes,
            figures.ReceivedBytes,
            Dtos.Round(rates.Sent),
            Dtos.Round(rates.Received),
            figures.Opened,
            figures.Closed,
            figures.Failed,
            Dtos.Round(rates.Failed, 4),
            active,
            figures.RetransmittedBytes,
            samples == 0 ? null : Dtos.Round(rtt / 1000.0 / samples, 3),
            Enumerable.Range(1, LinkLevels.StateCount - 1).Where(state => link.Levels[(TcpState)state] > 0)
                .ToDictionary(state => States[state], state => link.Levels[(TcpState)state]),
            Dtos.Time(link.Seen.FirstMs),
            active > 0 ? now : Dtos.Time(link.Seen.LastMs));
    }

    public static HistoryDto Of(History history, bool partial) => new(
        60,
        history.Sent.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(history.From * 60),
        [.. history.Sent.Select(rate => Dtos.Round(rate))],
        [.. history.Received.Select(rate => Dtos.Round(rate))],
        [.. history.Failed.Select(rate => Dtos.Round(rate, 4))],
        partial);

    /// <summary>Of what begins and ends at the workload, by port.</summary>
    public static IReadOnlyList<PortSums> Ports(MapWorkload workload, IEnumerable<MapEdge> edges) =>
    [
        .. from edge in edges
           from direction in Directions(workload, edge)
           group edge by (edge.Port, direction) into port
           let sums = port.Aggregate(default(EdgeSums), (sum, edge) => sum + edge.Sums)
           let dials = port.Key.direction == "out"
           orderby sums.Rate descending, sums.Bytes descending
           select new PortSums(
               port.Key.Port,
               port.Key.direction,
               port.Count(),
               Dtos.Round(dials ? sums.RateToServer : sums.RateToClient),
               Dtos.Round(dials ? sums.RateToClient : sums.RateToServer),
               dials ? sums.BytesToServer : sums.BytesToClient,
               dials ? sums.BytesToClient : sums.BytesToServer,
               sums.Active,
               sums.Opened,
               sums.Failed),
    ];

    private static IEnumerable<string> Directions(MapWorkload workload, MapEdge edge)
    {
        if (edge.From == workload)
        {
            yield return "out";
        }

        if (edge.To == workload)
        {
            yield return "in";
        }
    }
}
