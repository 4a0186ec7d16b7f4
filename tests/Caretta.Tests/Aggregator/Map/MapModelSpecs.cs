using Caretta.Aggregator.Map.Model;
using Caretta.Messages;
using CsCheck;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>How links become edges.</summary>
public class MapModelSpecs
{
    [Fact]
    public void The_two_ends_of_one_connection_are_one_edge_and_count_once()
    {
        var client = MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db"), sent: 100, received: 900, sentRate: 10, receivedRate: 90, failed: 2, established: 3);
        var server = MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db", role: Role.Server), sent: 950, received: 99, sentRate: 95, receivedRate: 9, failed: 1, established: 2);

        var edge = Assert.Single(MapFacts.Model(client, server).Edges);

        Assert.Equal((2, 100UL, 950UL), (edge.Sums.Links, edge.Sums.BytesToServer, edge.Sums.BytesToClient));
        Assert.Equal((10.0, 95.0, 105.0), (edge.Sums.RateToServer, edge.Sums.RateToClient, edge.Sums.Rate));
        Assert.Equal((3UL, 3UL, 2UL), (edge.Sums.Active, edge.Sums.Opened, edge.Sums.Failed));
        Assert.Equal((client, server), (edge.ByClient, edge.ByServer));
    }

    [Theory]
    [InlineData(Role.Client, 100, 900)]
    [InlineData(Role.Server, 900, 100)]
    public void What_only_one_end_saw_is_that_ends_word(Role role, ulong toServer, ulong toClient)
    {
        var edge = Assert.Single(MapFacts.Model(MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db", role: role), sent: 100, received: 900)).Edges);
        Assert.Equal((1, toServer, toClient), (edge.Sums.Links, edge.Sums.BytesToServer, edge.Sums.BytesToClient));
    }

    [Fact]
    public void A_link_two_members_tell_of_while_it_moves_counts_once_as_far_as_it_has_come()
    {
        var link = MapFacts.Link("shop/cart", "shop/db");
        foreach (var order in new[] { new ulong[] { 100, 120 }, [120, 100] })
        {
            var model = MapFacts.Model(order.Select(sent => MapFacts.Fact(link, sent)));
            Assert.Equal(120UL, Assert.Single(model.Edges).Sums.BytesToServer);
            Assert.Single(model.Links);
        }
    }

    [Fact]
    public void Ports_apart_are_edges_apart_and_their_ids_are_those_of_metrics()
    {
        var link = MapFacts.Link("shop/cart", "shop/db", port: 1);
        var model = MapFacts.Model(MapFacts.Fact(link), MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db", port: 2, role: Role.Server)));
        Assert.Equal(2, model.Edges.Count);
        Assert.Equal("e" + link.Id, MapIds.OfEdge(model.Link(link.Id)!.EdgeId));
        Assert.Equal("w" + link.Client.Id, model.Workload(link.Client.Id)!.Id);
    }

    [Fact]
    public void With_connections_open_it_is_seen_now_else_when_the_journal_last_heard()
    {
        EdgeSums Seen(uint established) =>
            Assert.Single(MapFacts.Model(MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db"), established: established, firstMs: 5, lastMs: 9)).Edges).Sums;
        Assert.Equal((5L, 9L), (Seen(0).FirstMs, Seen(0).LastMs));
        Assert.Equal((5L, MapFacts.Now.ToUnixTimeMilliseconds()), (Seen(1).FirstMs, Seen(1).LastMs));
    }

    [Fact]
    public void Round_trips_of_lately_count_before_those_of_all_time()
    {
        var link = MapFacts.Fact(MapFacts.Link("shop/cart", "shop/db"));
        Assert.Equal(1.0, Assert.Single(MapFacts.Model(link).Edges).Sums.RttMs);
        var lately = link with { Rates = link.Rates with { RttMicroseconds = 50_000, RttSamples = 10 } };
        Assert.Equal(5.0, Assert.Single(MapFacts.Model(lately).Edges).Sums.RttMs);
    }

    [Fact]
    public void Every_link_is_in_exactly_one_edge_and_every_end_is_a_workload_once() => MapFacts.AnyCluster.Sample(links =>
    {
        var model = MapFacts.Model(links);
        Assert.Equal(links.Select(link => link.Link.Id).Order(), model.Edges.SelectMany(edge => edge.Roles).Select(link => link.Link.Id).Order());
        Assert.Equal(links.SelectMany(link => new[] { link.Link.Client.Id, link.Link.Server.Id }).Distinct().Order(), model.Workloads.Select(workload => workload.Workload.Id).Order());
        Assert.All(model.Edges, edge => Assert.Equal(edge, model.Edge(edge.Id)));
    });
}
