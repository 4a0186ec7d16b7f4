using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;
using Caretta.Messages;

namespace Caretta.Aggregator.Map.Views;

/// <summary>
/// The same numbers asked of Prometheus. Rates are taken link by link and summed after: a sum falls when one of its links ends or moves, and
/// would seem to grow by all of the rest when it comes back. Ids are numbers, so nothing needs to be escaped.
/// </summary>
internal static class PromQueries
{
    public static IReadOnlyList<PromQuery> Of(LinkFact link)
    {
        var (id, role) = (MapIds.OfLink(link.Link.Id), link.Link.Role == Role.Client ? "client" : "server");
        return
        [
            new($"Bytes a second sent, seen at the {role}", $"sum(rate(caretta_links_observed{{link_id=\"{id}\"}}[5m]))"),
            new($"Bytes a second received, seen at the {role}", $"sum(rate(caretta_link_received_bytes_total{{link_id=\"{id}\"}}[5m]))"),
            new($"Failed connections in an hour, seen at the {role}", $"sum(increase(caretta_link_connections_failed_total{{link_id=\"{id}\"}}[1h]))"),
        ];
    }

    public static IReadOnlyList<PromQuery> Of(MapWorkload workload)
    {
        var id = MapIds.OfLink(workload.Workload.Id);
        return
        [
            new("Bytes a second sent as a client, by server", $"sum by (server_namespace, server_name) (rate(caretta_links_observed{{role=\"1\",client_id=\"{id}\"}}[5m]))"),
            new("Bytes a second sent as a server, by client", $"sum by (client_namespace, client_name) (rate(caretta_links_observed{{role=\"2\",server_id=\"{id}\"}}[5m]))"),
            new("Failed connections in an hour as a client", $"sum(increase(caretta_link_connections_failed_total{{role=\"1\",client_id=\"{id}\"}}[1h]))"),
        ];
    }
}
