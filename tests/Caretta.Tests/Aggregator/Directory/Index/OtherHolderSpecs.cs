using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Addresses of services, nodes, and endpoints written by hand.</summary>
public class OtherHolderSpecs
{
    private const string One = "10.0.0.1";
    private const string Two = "10.0.0.2";

    [Fact]
    public void A_service_has_all_its_addresses()
    {
        var cluster = SmallCluster.Listed(Service("cart", One, "fd00::1", "203.0.113.1"));

        Assert.All([One, "fd00::1", "203.0.113.1"], address => Assert.Equal("shop/Service/cart", cluster.Who(address)));
    }

    [Fact]
    public void A_headless_service_has_none_and_does_no_harm()
    {
        var cluster = SmallCluster.Listed(Service("cart"), Pod("a", One));

        Assert.Equal("shop/Pod/a", cluster.Who(One));
        Assert.Equal(1, cluster.Index.Counts.Addresses);
    }

    [Fact]
    public void Of_a_service_recreated_with_another_address_both_resolve_for_their_times()
    {
        var recreated = Service("cart", 11, Two) with { Uid = Uid("cart again") };
        var cluster = SmallCluster.Listed(Service("cart", One)).At(10).Delete(ObjectKind.Service, "cart").At(12).Put(recreated);

        Assert.Equal(["0: shop/Service/cart"], cluster.History(One, 0));
        Assert.Equal(["0: Nobody", "11: shop/Service/cart"], cluster.History(Two, 0));
        Assert.Equal("Nobody", cluster.At(910).Who(One));
    }

    [Fact]
    public void A_node_that_changes_its_address_gives_up_the_former()
    {
        var cluster = SmallCluster.Listed(NodeNamed("n", One)).At(10).Put(NodeNamed("n", Two)).At(11).Put(NodeNamed("m", One));

        Assert.Equal(["0: node/node/n", "10: node/node/m"], cluster.History(One, 0));
        Assert.Equal("node/node/n", cluster.Who(Two));
    }

    [Fact]
    public void Addresses_written_by_hand_are_their_services() =>
        Assert.Equal("shop/Service/legacy-db", SmallCluster.Listed(Endpoints("legacy-db-1", "legacy-db", One)).Who(One));

    [Fact]
    public void Addresses_written_by_hand_for_no_service_are_nobodys() =>
        Assert.Equal("Nobody", SmallCluster.Listed(Endpoints("orphan-1", "", One)).Who(One));

    [Fact]
    public void Endpoints_given_to_another_service_are_called_after_it_from_then_on()
    {
        var cluster = SmallCluster.Listed(Endpoints("e", "old", One)).At(10).Put(Endpoints("e", "new", One));

        Assert.Equal(["0: shop/Service/old", "10: shop/Service/new"], cluster.History(One, 0));
    }

    [Fact]
    public void Of_many_addresses_written_by_hand_those_left_out_are_given_up()
    {
        string[] many = [.. Enumerable.Range(1, 200).Select(i => $"192.0.2.{i}")];
        var cluster = SmallCluster.Listed(Endpoints("e", "legacy", many)).At(10).Put(Endpoints("e", "legacy", many[..100])).At(910);

        Assert.All(many[..100], address => Assert.Equal("shop/Service/legacy", cluster.Who(address)));
        Assert.All(many[100..], address => Assert.Equal("Nobody", cluster.Who(address)));
    }

    [Fact]
    public void An_address_named_twice_by_one_object_is_claimed_once()
    {
        var cluster = SmallCluster.Listed(Service("s", One, One, Two)).At(10).Put(Service("s", One, One));

        Assert.Equal(1, cluster.Index.Counts.Tombstones);
        Assert.Equal("Nobody", cluster.At(910).Who(Two));
    }
}
