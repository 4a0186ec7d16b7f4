using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Several claim one address.</summary>
public class PrecedenceSpecs
{
    private const string Ip = "10.0.0.1";

    /// <summary>In the order in which they have the address, by what they are called.</summary>
    private static readonly (string Name, ClusterObject Claimant)[] Ranked =
    [
        ("shop/Pod/running", Pod("running", Ip)),
        ("shop/Service/service", Service("service", Ip)),
        ("shop/Service/by-hand", Endpoints("by-hand-1", "by-hand", Ip)),
        ("shop/Pod/finished", Pod("finished", Ip).FinishedAt(0)),
    ];

    public static TheoryData<int, int> Pairs =>
        [.. from better in Enumerable.Range(0, Ranked.Length) from worse in Enumerable.Range(better + 1, Ranked.Length - better - 1) select (better, worse)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_higher_has_the_address_whichever_came_first(int better, int worse)
    {
        var (expected, claimant) = Ranked[better];
        var other = Ranked[worse].Claimant;

        Assert.Equal(expected, SmallCluster.Listed().At(1).Put(claimant).At(2).Put(other).Who(Ip));
        Assert.Equal(expected, SmallCluster.Listed().At(1).Put(other).At(2).Put(claimant).Who(Ip));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void When_the_higher_ends_the_lower_has_the_address(int better, int worse)
    {
        var (claimant, (expected, other)) = (Ranked[better].Claimant, Ranked[worse]);
        var cluster = SmallCluster.Listed(claimant, other).At(2);
        cluster.Index.Delete(claimant.Kind, claimant.Uid, cluster.Now);

        Assert.Equal(expected, cluster.Who(Ip));
    }

    [Fact]
    public void A_node_ranks_as_a_running_pod()
    {
        Assert.Equal("node/node/n", SmallCluster.Listed().At(1).Put(NodeNamed("n", Ip)).At(2).Put(Service("s", Ip)).Who(Ip));
        Assert.Equal("node/node/n", SmallCluster.Listed().At(1).Put(Pod("a", Ip)).At(2).Put(NodeNamed("n", Ip)).Who(Ip));
        Assert.Equal("shop/Pod/a", SmallCluster.Listed().At(1).Put(NodeNamed("n", Ip)).At(2).Put(Pod("a", Ip)).Who(Ip));
    }

    [Fact]
    public void A_presumed_pod_does_not_take_the_address_of_one_that_is_seen()
    {
        var cluster = SmallCluster.Listed(Pod("a", Ip)).At(10).Put(Pod("b", 4, Ip));

        Assert.Equal(["0: shop/Pod/a", "10: shop/Pod/b"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_presumed_pod_has_the_address_before_a_service()
    {
        var cluster = SmallCluster.Listed(Service("s", Ip)).At(10).Put(Pod("b", 4, Ip));

        Assert.Equal(["0: shop/Service/s", "4: shop/Pod/b"], cluster.History(Ip, 0));
    }

    [Fact]
    public void Of_two_presumed_pods_the_one_seen_later_has_the_address()
    {
        var cluster = SmallCluster.Listed().At(10).Put(Pod("a", 2, Ip)).At(11).Put(Pod("b", 4, Ip));

        Assert.Equal(["0: Nobody", "2: shop/Pod/a", "4: shop/Pod/b", "10: shop/Pod/a", "11: shop/Pod/b"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_service_does_not_take_from_another_what_that_was_seen_with()
    {
        var cluster = SmallCluster.Listed(Service("a", Ip)).At(10).Put(Service("a")).At(12).Put(Service("b", Ip));

        Assert.Equal(["0: shop/Service/a", "10: shop/Service/b"], cluster.History(Ip, 0));
    }

    [Fact]
    public void Of_those_that_ended_the_last_lingers()
    {
        var cluster = SmallCluster.Listed(Pod("a", Ip), Pod("b", Ip)).At(10).Delete(ObjectKind.Pod, "b").At(20).Delete(ObjectKind.Pod, "a");

        Assert.Equal("shop/Pod/a", cluster.At(30).Who(Ip));
    }

    [Fact]
    public void A_finished_pod_does_not_linger_before_one_that_was_deleted_running()
    {
        var cluster = SmallCluster.Listed(Pod("job", Ip).FinishedAt(0), Pod("a", Ip));
        cluster.At(10).Delete(ObjectKind.Pod, "a").At(20).Delete(ObjectKind.Pod, "job");

        Assert.Equal("shop/Pod/a", cluster.At(30).Who(Ip));
    }

    [Fact]
    public void A_claim_comes_before_any_that_lingers() =>
        Assert.Equal("shop/Service/s", SmallCluster.Listed(Pod("a", Ip)).At(10).Delete(ObjectKind.Pod, "a").At(11).Put(Service("s", 11, Ip)).Who(Ip));
}
