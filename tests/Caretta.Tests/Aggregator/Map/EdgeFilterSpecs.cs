using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Which edges a question is about.</summary>
public class EdgeFilterSpecs
{
    private static readonly MapModel Shop = MapFacts.Model(
        MapFacts.Fact(MapFacts.Link("shop/cart", "data/orders-db", 5432), sentRate: 100),
        MapFacts.Fact(MapFacts.Link("shop/web", "shop/cart", 8080), sentRate: 10),
        MapFacts.Fact(MapFacts.Link("data/orders-db", "data/backup", 873), sentRate: 1),
        MapFacts.Fact(MapFacts.Link("shop/web", "external/pay.example.org", 443)));

    [Fact]
    public void Without_a_filter_all_are_seen() => Assert.Equal(4, EdgeFilter.All.Of(Shop).Count);

    [Fact]
    public void A_namespace_is_of_either_end()
    {
        Assert.Equal([443, 5432, 8080], Ports(new EdgeFilter { Namespaces = ["shop"] }));
        Assert.Equal([443, 873, 5432], Ports(new EdgeFilter { Namespaces = ["data", "external"] }));
        Assert.Empty(Ports(new EdgeFilter { Namespaces = ["sho"] }));
    }

    [Fact]
    public void Namespace_and_name_are_of_the_same_end()
    {
        Assert.Equal([5432, 8080], Ports(new EdgeFilter { Namespaces = ["shop"], Names = ["cart"] }));
        Assert.Empty(Ports(new EdgeFilter { Namespaces = ["data"], Names = ["cart"] }));
    }

    [Theory]
    [InlineData("db", 2)]
    [InlineData("ORDERS", 2)]
    [InlineData("orders*", 2)]
    [InlineData("*orders", 0)]
    [InlineData("*", 4)]
    [InlineData("pay?example.org", 0)]
    [InlineData("pay\\", 0)]
    public void A_name_is_a_part_or_with_a_star_the_whole(string name, int edges) => Assert.Equal(edges, Ports(new EdgeFilter { Names = [name] }).Count());

    [Theory]
    [InlineData("shop cart", 2)]
    [InlineData("data/deployment/orders", 2)]
    [InlineData("cart db", 0)]
    [InlineData("  ", 4)]
    public void All_words_of_a_search_are_in_one_end(string text, int edges) => Assert.Equal(edges, Ports(new EdgeFilter { Text = text }).Count());

    [Fact]
    public void Ports_are_given_one_by_one_or_from_to() => Assert.Equal([443, 8080], Ports(new EdgeFilter { Ports = [new(443, 443), new(8000, 8100)] }));

    [Fact]
    public void Externals_are_seen_alone_or_not_at_all()
    {
        Assert.Equal([443], Ports(new EdgeFilter { External = ExternalEnds.Only }));
        Assert.Equal([873, 5432, 8080], Ports(new EdgeFilter { External = ExternalEnds.No }));
    }

    [Fact]
    public void Below_a_rate_nothing_is_seen() => Assert.Equal([5432, 8080], Ports(new EdgeFilter { MinRate = 10 }));

    [Fact]
    public void What_is_hidden_takes_its_edges_along_and_what_is_isolated_keeps_its_neighbours()
    {
        var cart = MapIds.Of(MapFacts.Named("shop/cart"));
        Assert.Equal([443, 873], Ports(new EdgeFilter { Hidden = [cart] }));
        Assert.Equal([873], Ports(new EdgeFilter { Hidden = ["n:shop"] }));
        Assert.Equal([5432, 8080], Ports(new EdgeFilter { Isolated = [cart] }));
        Assert.Equal([873, 5432], Ports(new EdgeFilter { Isolated = ["n:data"] }));
    }

    [Fact]
    public void A_kind_is_spelt_in_any_case() => Assert.Equal(4, Ports(new EdgeFilter { Kinds = ["deployment"] }).Count());

    private static IEnumerable<int> Ports(EdgeFilter filter) => filter.Of(Shop).Select(edge => (int)edge.Port).Order();
}
