using Caretta.Messages;

namespace Caretta.Tests.Messages;

/// <summary>Ids are labels in people's databases and names in the journal: these values may never change.</summary>
public class StableIdSpecs
{
    private static readonly Workload Checkout = new("demo-ng", "Deployment", "checkoutservice");
    private static readonly Workload Catalog = new("demo-ng", "Service", "productcatalogservice");

    [Fact]
    public void A_workload_id_is_the_golden_value()
    {
        Assert.Equal(3675605903732380476UL, Checkout.Id);
        Assert.Equal(11439211186428847431UL, Catalog.Id);
    }

    [Fact]
    public void A_link_id_is_the_golden_value()
    {
        Assert.Equal(5902312990413656993UL, new NetworkLink(Checkout, Catalog, 3550, Role.Client).Id);
    }

    [Fact]
    public void Port_and_role_are_part_of_the_link_id()
    {
        var ids = new[]
        {
            new NetworkLink(Checkout, Catalog, 3550, Role.Client).Id,
            new NetworkLink(Checkout, Catalog, 3550, Role.Server).Id,
            new NetworkLink(Checkout, Catalog, 3551, Role.Client).Id,
            new NetworkLink(Catalog, Checkout, 3550, Role.Client).Id,
        };
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Parts_that_run_together_alike_get_different_ids() =>
        Assert.NotEqual(new Workload("a", "bc", "d").Id, new Workload("ab", "c", "d").Id);

    [Fact]
    public void A_changed_copy_gets_an_id_of_its_own()
    {
        Assert.NotEqual(0UL, Checkout.Id);
        Assert.NotEqual(Checkout.Id, (Checkout with { Name = "cartservice" }).Id);
    }

    [Fact]
    public void The_owner_is_a_label_and_not_part_of_the_identity() =>
        Assert.Equal(Checkout, Checkout with { Owner = "somebody" });
}
