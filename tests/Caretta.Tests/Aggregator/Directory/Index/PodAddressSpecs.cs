using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Pods that come, change and go, and who has their addresses when.</summary>
public class PodAddressSpecs
{
    private const string One = "10.0.0.1";
    private const string Two = "10.0.0.2";
    private const string Six = "fd00::1";

    [Fact]
    public void An_address_that_nothing_claims_is_nobodys() => Assert.Equal("Nobody", SmallCluster.Listed(Pod("a", One)).Who(Two));

    [Fact]
    public void A_listed_pod_has_its_address() => Assert.Equal("shop/Pod/a", SmallCluster.Listed(Pod("a", One)).Who(One));

    [Fact]
    public void Several_listed_pods_have_an_address_each()
    {
        var cluster = SmallCluster.Listed(Pod("a", One), Pod("b", Two));

        Assert.Equal(["shop/Pod/a", "shop/Pod/b"], [cluster.Who(One), cluster.Who(Two)]);
    }

    [Fact]
    public void A_pod_has_both_addresses_of_a_dual_stack()
    {
        var cluster = SmallCluster.Listed(Pod("a", One, Six));

        Assert.Equal(["shop/Pod/a", "shop/Pod/a"], [cluster.Who(One), cluster.Who(Six)]);
    }

    [Fact]
    public void A_pod_that_is_added_has_its_address_from_its_creation_on()
    {
        var cluster = SmallCluster.Listed().At(20).Put(Pod("a", 15, One));

        Assert.Equal(["10: Nobody", "15: shop/Pod/a"], cluster.History(One, 10));
    }

    [Fact]
    public void A_pod_gets_its_address_after_it_is_first_told_of()
    {
        var cluster = SmallCluster.Listed().At(20).Put(Pod("a", 20)).At(23).Put(Pod("a", 20, One));

        Assert.Equal(["0: Nobody", "20: shop/Pod/a"], cluster.History(One, 0));
    }

    [Fact]
    public void A_creation_in_the_future_of_the_directorys_clock_is_taken_for_now() =>
        Assert.Equal("shop/Pod/a", SmallCluster.Listed().At(20).Put(Pod("a", 25, One)).Who(One));

    [Fact]
    public void A_deleted_pod_is_still_answered_for()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a");

        Assert.Equal("shop/Pod/a", cluster.At(10 + 899).Who(One));
        Assert.Equal("Nobody", cluster.At(10 + 900).Who(One));
    }

    [Fact]
    public void Deleting_what_is_not_known_does_nothing()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "b");

        Assert.Equal(["0: shop/Pod/a"], cluster.History(One, 0));
    }

    [Fact]
    public void Of_a_pod_that_changes_its_address_both_resolve_for_their_times()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Put(Pod("a", Two)).At(12).Put(Pod("b", 11, One));

        Assert.Equal(["0: shop/Pod/a", "11: shop/Pod/b"], cluster.History(One, 0));
        Assert.Equal("shop/Pod/a", cluster.Who(Two));
    }

    [Fact]
    public void An_address_given_up_lingers_while_nobody_else_has_it() =>
        Assert.Equal("shop/Pod/a", SmallCluster.Listed(Pod("a", One)).At(10).Put(Pod("a", Two)).At(20).Who(One));

    [Fact]
    public void A_pod_that_takes_back_an_address_has_it_again()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Put(Pod("a", Two)).At(20).Put(Pod("a", One));

        Assert.Equal(["shop/Pod/a", "shop/Pod/a"], [cluster.Who(One), cluster.Who(Two)]);
        Assert.Equal("Nobody", cluster.At(930).Who(Two));
        Assert.Equal("shop/Pod/a", cluster.Who(One));
    }

    [Fact]
    public void A_reused_address_is_the_first_pods_until_that_is_deleted()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a").At(14).Put(Pod("b", 8, One));

        Assert.Equal(["0: shop/Pod/a", "10: shop/Pod/b"], cluster.History(One, 0));
    }

    [Fact]
    public void A_reused_address_is_the_next_pods_from_its_creation_on_if_that_is_later()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a").At(14).Put(Pod("b", 12, One));

        Assert.Equal(["0: shop/Pod/a", "12: shop/Pod/b"], cluster.History(One, 0));
    }

    [Fact]
    public void An_address_of_a_pod_can_become_a_nodes()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a").At(14).Put(NodeNamed("n", One));

        Assert.Equal(["0: shop/Pod/a", "10: node/node/n"], cluster.History(One, 0));
    }

    [Fact]
    public void A_host_network_pod_leaves_its_address_to_the_node() =>
        Assert.Equal("node/node/n", SmallCluster.Listed(NodeNamed("n", One), Pod("a", One) with { HostNetwork = true }).Who(One));

    [Fact]
    public void A_completed_jobs_pod_keeps_its_address_until_another_has_it()
    {
        var cluster = SmallCluster.Listed(Controller(ObjectKind.Job, "import"), Pod("a", One).Of("Job", "import"));
        cluster.At(10).Put(Pod("a", One).Of("Job", "import").FinishedAt(9)).At(20);
        Assert.Equal("shop/Job/import", cluster.Who(One));

        cluster.Put(Pod("b", 15, One));
        Assert.Equal(["0: shop/Job/import", "15: shop/Pod/b"], cluster.History(One, 0));
    }

    [Fact]
    public void A_pod_first_met_finished_ran_before()
    {
        var cluster = SmallCluster.Listed(Service("s", One)).At(20).Put(Pod("a", 5, One).FinishedAt(15));

        Assert.Equal(["0: shop/Service/s", "5: shop/Pod/a", "15: shop/Service/s"], cluster.History(One, 0));
    }

    [Fact]
    public void The_end_of_a_pod_that_was_told_first_counts()
    {
        var cluster = SmallCluster.Listed(Service("s", One)).At(20).Put(Pod("a", 5, One).FinishedAt(15)).Put(Pod("a", 5, One).FinishedAt(16));

        Assert.Equal(["0: shop/Service/s", "5: shop/Pod/a", "15: shop/Service/s"], cluster.History(One, 0));
    }

    [Fact]
    public void A_pod_told_of_again_after_its_deletion_exists()
    {
        var cluster = SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a").At(20).Put(Pod("a", One));
        cluster.Index.Expire(Second(3000));

        Assert.Equal("shop/Pod/a", cluster.At(3000).Who(One));
        Assert.Equal("shop/Pod/a", cluster.WhoIsPod("a"));
    }

    [Fact]
    public void A_timeline_has_the_latest_sixteen_entries()
    {
        var cluster = SmallCluster.Listed();
        for (var i = 1; i <= 20; i++)
        {
            cluster.At(i).Put(Pod($"p{i}", i, One)).At(i + 0.5).Delete(ObjectKind.Pod, $"p{i}");
        }

        Assert.Equal(Enumerable.Range(5, 16).Select(i => $"{i}: shop/Pod/p{i}"), cluster.History(One, 0));
    }

    [Fact]
    public void A_timeline_says_nothing_of_later_than_now() =>
        Assert.Equal(["0: shop/Pod/a"], SmallCluster.Listed(Pod("a", One)).At(10).Delete(ObjectKind.Pod, "a").At(20).History(One, 0));
}
