using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Which workload is meant by the uid of a pod.</summary>
public class PodUidSpecs
{
    [Fact]
    public void A_pod_is_found_by_its_uid_from_its_creation_on()
    {
        var cluster = SmallCluster.Listed().At(10).Put(Pod("a", 5, "10.0.0.1"));

        Assert.Equal("shop/Pod/a", cluster.WhoIsPod("a"));
        Assert.Equal(["Nobody", "shop/Pod/a"], [cluster.WhoIsPodAt("a", 4.999), cluster.WhoIsPodAt("a", 5)]);
    }

    [Fact]
    public void A_host_network_pod_is_found_by_its_uid() =>
        Assert.Equal("shop/Pod/a", SmallCluster.Listed(Pod("a", "10.0.0.1") with { HostNetwork = true }).WhoIsPod("a"));

    [Fact]
    public void A_static_pod_is_found_by_both_its_uids()
    {
        var cluster = SmallCluster.Listed(Pod("etcd", "10.0.0.1") with { HostNetwork = true, StaticUid = Uid("hash") });

        Assert.Equal(["shop/Pod/etcd", "shop/Pod/etcd"], [cluster.WhoIsPod("etcd"), cluster.WhoIsPod("hash")]);
    }

    [Fact]
    public void A_static_pod_whose_mirror_is_made_anew_is_found_at_all_times()
    {
        var mirror = Pod("etcd", 0) with { StaticUid = Uid("hash") };
        var cluster = SmallCluster.Listed(mirror).At(10).Delete(ObjectKind.Pod, "etcd");
        cluster.At(20).Put(mirror with { Uid = Uid("second"), CreatedAt = Second(19) });

        Assert.All([0d, 9, 15, 20], second => Assert.Equal("shop/Pod/etcd", cluster.WhoIsPodAt("hash", second)));
        Assert.Equal("shop/Pod/etcd", cluster.At(2000).WhoIsPod("hash"));
    }

    [Fact]
    public void A_pod_deleted_is_found_for_a_retention_by_both_its_uids()
    {
        var cluster = SmallCluster.Listed(Pod("a") with { StaticUid = Uid("hash") }).At(10).Delete(ObjectKind.Pod, "a");

        Assert.Equal(["shop/Pod/a", "shop/Pod/a"], [cluster.At(909.999).WhoIsPod("a"), cluster.WhoIsPod("hash")]);
        Assert.Equal(["Nobody", "Nobody"], [cluster.At(910).WhoIsPod("a"), cluster.WhoIsPod("hash")]);
    }

    [Fact]
    public void A_finished_pod_is_found_by_its_uid() =>
        Assert.Equal("shop/Pod/a", SmallCluster.Listed(Pod("a").FinishedAt(0)).At(10).WhoIsPod("a"));

    [Fact]
    public void An_unknown_uid_is_nobodys_as_far_as_the_history_goes()
    {
        Assert.Equal("Nobody", SmallCluster.Listed().WhoIsPod("a"));
        Assert.Equal("NotInHistory", new SmallCluster().WhoIsPod("a"));
    }
}
