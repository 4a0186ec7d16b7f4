using Caretta.Aggregator.Map;
using Caretta.Aggregator.Map.Answers;
using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;
using CsCheck;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>What is drawn at which level of detail. At each of them the same traffic.</summary>
public class MapViewSpecs
{
    private static readonly Gen<MapQuery> AnyQuery = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 25], Gen.Int[1, 40], Gen.Int[0, 20], Gen.Int[0, 3], (expand, nodes, edges, focus, filter) => new MapQuery
    {
        Expanded = expand switch { 0 => null, 1 => ["*"], 2 => ["team-1"], 3 => ["team-2", "external"], _ => ["nothing"] },
        MaxNodes = nodes,
        MaxEdges = edges,
        Focus = focus == 0 ? MapIds.OfNamespace("team-3") : null,
        Hops = 2,
        Filter = filter switch { 1 => new EdgeFilter { MinRate = 3 }, 2 => new EdgeFilter { External = ExternalEnds.No }, _ => EdgeFilter.All },
    });

    [Fact]
    public void At_every_level_of_detail_the_sums_are_the_truth() => Gen.Select(MapFacts.AnyCluster, AnyQuery).Sample((links, query) =>
    {
        var model = MapFacts.Model(links);
        var truth = query.Filter.Of(model);
        if (query.Focus is { } focus)
        {
            truth = Neighbourhood.Of(model, truth, focus, query.Hops).Edges;
        }

        var view = View(model, query);

        var (toServer, toClient) = (Sum(truth, edge => edge.Sums.BytesToServer), Sum(truth, edge => edge.Sums.BytesToClient));
        Assert.Equal(toServer, Sum(view.Edges, edge => edge.BytesToServer));
        Assert.Equal(toClient, Sum(view.Edges, edge => edge.BytesToClient));
        Assert.Equal(toServer + toClient, Sum(view.Nodes, node => node.BytesOut));
        Assert.Equal(toServer + toClient, Sum(view.Nodes, node => node.BytesIn));
        Assert.Equal(Sum(truth, edge => edge.Sums.Failed), Sum(view.Edges, edge => edge.Failed));
        Assert.Equal(truth.Sum(edge => edge.Sums.Links), view.Edges.Sum(edge => edge.Links));
        Assert.Equal(truth.Sum(edge => edge.Sums.Rate), view.Edges.Sum(edge => edge.Rate), 3);
        Assert.Equal((truth.Count, truth.Sum(edge => edge.Sums.Links)), (view.Totals.Edges, view.Totals.Links));
        Assert.Equal(view.Totals.Workloads, view.Nodes.Sum(node => node.Workloads));
    });

    [Fact]
    public void No_more_is_drawn_than_was_asked_for_and_every_edge_has_its_ends() => Gen.Select(MapFacts.AnyCluster, AnyQuery).Sample((links, query) =>
    {
        var view = View(MapFacts.Model(links), query);
        Assert.InRange(view.Nodes.Count(node => node.Type != "rest"), 0, query.MaxNodes);
        Assert.InRange(view.Edges.Count(edge => edge.Id != "rest"), 0, query.MaxEdges);
        Assert.InRange(view.Nodes.Count(node => node.Type == "rest"), 0, 1);
        Assert.Equal(view.Nodes.Count, view.Nodes.Select(node => node.Id).Distinct().Count());
        Assert.Equal(view.Edges.Count, view.Edges.Select(edge => edge.Id).Distinct().Count());
        var nodes = view.Nodes.Select(node => node.Id).ToHashSet();
        Assert.All(view.Edges, edge => Assert.True(nodes.Contains(edge.From) && nodes.Contains(edge.To)));
        Assert.Equal(view.TooMany, view.Left.Nodes > 0);
    });

    [Fact]
    public void All_workloads_are_drawn_if_there_is_room_and_namespaces_else()
    {
        var model = Shop();
        Assert.Equal(("workloads", 4, false), Shape(View(model, new MapQuery { MaxNodes = 4 })));
        Assert.Equal(("namespaces", 3, false), Shape(View(model, new MapQuery { MaxNodes = 3 })));
        Assert.Equal(("mixed", 4, false), Shape(View(model, new MapQuery { MaxNodes = 4, Expanded = ["shop"] })));
        Assert.Equal(("workloads", 3, true), Shape(View(model, new MapQuery { MaxNodes = 2, Expanded = ["*"] })));
    }

    [Fact]
    public void Between_namespaces_one_bundle_stands_for_all_edges_and_names_the_ports()
    {
        var view = View(Shop(), new MapQuery { Expanded = ["nothing"] });
        var bundle = Assert.Single(view.Edges, edge => edge is { From: "n:shop", To: "n:data" });
        Assert.Equal(("bundle", 30UL, 30.0), (bundle.Type, bundle.BytesToServer, bundle.Rate));
        Assert.Equal([5432, 6379], bundle.Ports);
        Assert.Equal(("namespace", 2, false), Assert.Single(view.Nodes, node => node.Id == "n:shop") is var shop ? (shop.Type, shop.Workloads, shop.External) : default);
        Assert.True(Assert.Single(view.Nodes, node => node.Id == "n:external").External);
    }

    [Fact]
    public void What_carries_most_is_drawn_and_the_rest_is_one_node_and_one_edge()
    {
        var view = View(Shop(), new MapQuery { Expanded = ["*"], MaxNodes = 2, MaxEdges = 1 });
        Assert.Equal(["db", "cart", ""], view.Nodes.Select(node => node.Name));
        Assert.Equal(("rest", 2), (view.Nodes[^1].Type, view.Nodes[^1].Workloads));
        Assert.Equal([20.0, 15.0], view.Edges.Select(edge => edge.Rate));
        Assert.Equal(("edge", "rest"), (view.Edges[0].Type, view.Edges[1].Type));
        Assert.Equal((2, 2, 15.0), (view.Left.Nodes, view.Left.Edges, view.Left.Rate));
    }

    [Theory]
    [InlineData(1, "a b")]
    [InlineData(2, "a b c")]
    [InlineData(3, "a b c d")]
    public void Around_a_focus_so_many_hops_are_seen_whichever_way_they_go(int hops, string names)
    {
        var model = MapFacts.Model(
            MapFacts.Fact(MapFacts.Link("n/b", "n/a")), MapFacts.Fact(MapFacts.Link("n/b", "n/c")), MapFacts.Fact(MapFacts.Link("n/d", "n/c")), MapFacts.Fact(MapFacts.Link("n/e", "n/d")));
        var focus = MapIds.Of(MapFacts.Named("n/a"));
        var view = View(model, new MapQuery { Focus = focus, Hops = hops, MaxNodes = 1000 });
        Assert.Equal(names, string.Join(' ', view.Nodes.Select(node => node.Name).Order()));
        Assert.Equal("workloads", view.Level);
    }

    [Fact]
    public void In_a_crowd_the_focus_itself_stays()
    {
        var hub = MapFacts.Named("n/hub");
        var model = MapFacts.Model(Enumerable.Range(0, 50).Select(number => MapFacts.Fact(MapFacts.Link($"n/c{number}", "n/hub"), sentRate: number)));
        var view = View(model, new MapQuery { Focus = MapIds.Of(hub), MaxNodes = 3 });
        Assert.Equal(["c48", "c49", "hub"], view.Nodes.Where(node => node.Type == "workload").Select(node => node.Name).Order());
    }

    [Fact]
    public void A_workload_that_talks_to_itself_sends_and_receives_it_and_has_its_connections_once()
    {
        var view = View(MapFacts.Model(MapFacts.Fact(MapFacts.Link("n/a", "n/a"), sent: 10, received: 5, established: 2)), new MapQuery());
        var node = Assert.Single(view.Nodes);
        Assert.Equal((15UL, 15UL, 2UL), (node.BytesOut, node.BytesIn, node.Active));
    }

    [Fact]
    public void Of_nothing_there_is_an_empty_map()
    {
        var view = View(MapModel.Empty, new MapQuery { Focus = "w1" });
        Assert.Empty(view.Nodes);
        Assert.Empty(view.Edges);
        Assert.False(view.TooMany);
    }

    [Fact]
    public void Told_what_changed_one_knows_what_is() =>
        Gen.Select(MapFacts.AnyCluster, MapFacts.AnyCluster, Gen.Int[0, 60], AnyQuery).Sample((one, other, kept, query) =>
        {
            var before = View(MapFacts.Model(one), query);
            LinkFact[] later = [.. one.Take(kept), .. other.Where(link => one.Take(kept).All(known => known.Link.Id != link.Link.Id))];
            var after = View(MapFacts.Model(later), query);
            if (ViewChanges.Between(before, after) is not { } delta)
            {
                return; // told whole
            }

            Assert.Equal(after.Nodes.OrderBy(node => node.Id), Applied(before.Nodes, delta.Nodes, delta.GoneNodes, node => node.Id));
            Assert.Equal(after.Edges.OrderBy(edge => edge.Id), Applied(before.Edges, delta.Edges, delta.GoneEdges, edge => edge.Id));
            Assert.Equal(after.Totals, delta.Totals);
        });

    [Fact]
    public void Where_nothing_changed_nothing_is_told() => Gen.Select(MapFacts.AnyCluster, AnyQuery).Sample((links, query) =>
    {
        var delta = ViewChanges.Between(View(MapFacts.Model(links), query), View(MapFacts.Model(links), query))!;
        Assert.Equal((0, 0, 0, 0), (delta.Nodes.Count, delta.Edges.Count, delta.GoneNodes.Count, delta.GoneEdges.Count));
    });

    internal static MapAnswer View(MapModel model, MapQuery query) => MapView.Of(model, query, TimeSpan.FromSeconds(5));

    private static MapModel Shop() => MapFacts.Model(
        MapFacts.Fact(MapFacts.Link("shop/cart", "data/db", 5432), sent: 20, sentRate: 20),
        MapFacts.Fact(MapFacts.Link("shop/web", "data/db", 6379), sent: 10, sentRate: 10),
        MapFacts.Fact(MapFacts.Link("shop/cart", "external/pay", 443), sent: 5, sentRate: 5));

    private static (string Level, int Nodes, bool TooMany) Shape(MapAnswer view) => (view.Level, view.Nodes.Count, view.TooMany);

    private static ulong Sum<T>(IEnumerable<T> items, Func<T, ulong> value) => items.Aggregate(0UL, (sum, item) => sum + value(item));

    private static IEnumerable<T> Applied<T>(IEnumerable<T> before, IReadOnlyList<T> changed, IReadOnlyList<string> gone, Func<T, string> id) =>
        before.Where(item => !gone.Contains(id(item)) && changed.All(other => id(other) != id(item))).Concat(changed).OrderBy(id);
}
