using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>What a pod is called: after the topmost controller, and never otherwise for a time it was given for.</summary>
public class OwnerSpecs
{
    private const string Ip = "10.0.0.1";

    private static ClusterController ReplicaSet => Controller(ObjectKind.ReplicaSet, "web-1", Ref("Deployment", "web"));

    private static ClusterController Deployment => Controller(ObjectKind.Deployment, "web");

    private static ClusterPod WebPod => Pod("web-1-a", Ip).Of("ReplicaSet", "web-1");

    [Theory]
    [InlineData("ReplicaSet")]
    [InlineData("DaemonSet")]
    [InlineData("StatefulSet")]
    [InlineData("Job")]
    public void A_pod_is_called_after_its_controller(string kind)
    {
        var cluster = SmallCluster.Listed(Controller(Enum.Parse<ObjectKind>(kind), "web"), Pod("a", Ip).Of(kind, "web"));

        Assert.Equal($"shop/{kind}/web", cluster.Who(Ip));
    }

    [Theory]
    [InlineData("ReplicaSet", "Deployment")]
    [InlineData("Job", "CronJob")]
    public void A_pod_is_called_after_its_controllers_controller(string kind, string top)
    {
        var cluster = SmallCluster.Listed(
            Controller(Enum.Parse<ObjectKind>(top), "web"),
            Controller(Enum.Parse<ObjectKind>(kind), "web-1", Ref(top, "web")),
            Pod("a", Ip).Of(kind, "web-1"));

        Assert.Equal($"shop/{top}/web", cluster.Who(Ip));
    }

    [Fact]
    public void It_does_not_matter_in_which_order_the_kinds_are_told()
    {
        Assert.Equal("shop/Deployment/web", SmallCluster.Listed().Put(WebPod, ReplicaSet, Deployment).Who(Ip));
        Assert.Equal("shop/Deployment/web", SmallCluster.Listed().Put(Deployment, WebPod, ReplicaSet).Who(Ip));
        Assert.Equal("shop/Deployment/web", SmallCluster.Listed().Put(ReplicaSet, Deployment, WebPod).Who(Ip));
    }

    [Fact]
    public void A_controller_of_a_kind_that_is_not_watched_gives_its_name_as_referred_to()
    {
        var rollout = Controller(ObjectKind.ReplicaSet, "web-1", Ref("Rollout", "web"));

        Assert.Equal("shop/Rollout/web", SmallCluster.Listed(rollout, WebPod).Who(Ip));
        Assert.Equal("shop/Cluster/db", SmallCluster.Listed(Pod("a", Ip).Of("Cluster", "db")).Who(Ip));
    }

    [Fact]
    public void A_static_pod_is_not_called_after_its_node() =>
        Assert.Equal("shop/Pod/etcd-n", SmallCluster.Listed(NodeNamed("n"), Pod("etcd-n", Ip).Of("Node", "n")).Who(Ip));

    [Fact]
    public void A_controller_not_told_of_yet_is_waited_for_and_then_named_as_referred_to()
    {
        var cluster = SmallCluster.Listed().At(10).Put(Pod("a", 8, Ip).Of("ReplicaSet", "web-1"));

        Assert.Equal("NotYet", cluster.At(14.999).Who(Ip));
        Assert.Equal("shop/ReplicaSet/web-1", cluster.At(15).Who(Ip));
        Assert.Equal("shop/ReplicaSet/web-1", cluster.WhoAt(Ip, 8));
    }

    [Fact]
    public void A_controller_that_comes_while_waited_for_gives_its_name_from_the_pods_beginning()
    {
        var cluster = SmallCluster.Listed(Deployment).At(10).Put(Pod("a", 8, Ip).Of("ReplicaSet", "web-1")).At(14).Put(ReplicaSet);

        Assert.Equal(["0: Nobody", "8: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void The_next_controller_is_waited_for_since_the_one_below_it_was_received()
    {
        var cluster = SmallCluster.Listed().At(10).Put(WebPod).At(14).Put(ReplicaSet);

        Assert.Equal("NotYet", cluster.At(18.999).Who(Ip));
        Assert.Equal(["0: shop/Deployment/web"], cluster.At(19).History(Ip, 0));
    }

    [Fact]
    public void A_controller_that_comes_too_late_gives_its_name_from_then_on()
    {
        var cluster = SmallCluster.Listed(Deployment).At(10).Put(WebPod).At(20).Put(ReplicaSet).At(30);

        Assert.Equal(["0: shop/ReplicaSet/web-1", "20: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_pod_that_has_a_name_keeps_it_while_a_better_one_is_waited_for()
    {
        var cluster = SmallCluster.Listed().At(10).Put(WebPod).At(20).Put(ReplicaSet);
        Assert.Equal("shop/ReplicaSet/web-1", cluster.Who(Ip));

        Assert.Equal(["0: shop/ReplicaSet/web-1", "25: shop/Deployment/web"], cluster.At(26).History(Ip, 0));
    }

    [Fact]
    public void While_a_kind_is_listed_for_the_first_time_patience_does_not_end()
    {
        var cluster = new SmallCluster();
        cluster.Index.BeginList(ObjectKind.ReplicaSet, mayHaveMissed: false, cluster.Now);
        cluster.Put(WebPod, Deployment);
        Assert.Equal("NotYet", cluster.At(60).Who(Ip));

        cluster.Index.EndList(ObjectKind.ReplicaSet, cluster.Now);
        Assert.Equal("NotYet", cluster.At(64.999).Who(Ip));
        Assert.Equal("shop/ReplicaSet/web-1", cluster.At(65).Who(Ip));
    }

    [Fact]
    public void A_controller_of_a_kind_that_may_not_be_seen_is_not_waited_for()
    {
        var cluster = SmallCluster.Listed();
        cluster.Index.KindUnavailable(ObjectKind.ReplicaSet, cluster.Now);

        Assert.Equal("shop/ReplicaSet/web-1", cluster.Put(WebPod).Who(Ip));
    }

    [Fact]
    public void When_a_kind_may_not_be_seen_any_more_the_wait_for_it_ends()
    {
        var cluster = SmallCluster.Listed().Put(WebPod).At(1);
        cluster.Index.KindUnavailable(ObjectKind.ReplicaSet, cluster.Now);

        Assert.Equal(["0: shop/ReplicaSet/web-1"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_kind_that_may_be_seen_again_gives_better_names_from_then_on()
    {
        var cluster = SmallCluster.Listed(Deployment);
        cluster.Index.KindUnavailable(ObjectKind.ReplicaSet, cluster.Now);
        cluster.Put(WebPod).At(100);
        cluster.Index.KindAvailable(ObjectKind.ReplicaSet);
        cluster.List(ObjectKind.ReplicaSet, mayHaveMissed: false, ReplicaSet);

        Assert.Equal(["0: shop/ReplicaSet/web-1", "100: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_pod_keeps_its_name_when_its_controllers_are_deleted_before_it()
    {
        var cluster = SmallCluster.Listed(Deployment, ReplicaSet, WebPod);
        cluster.At(10).Delete(ObjectKind.Deployment, "web").Delete(ObjectKind.ReplicaSet, "web-1").At(100).Put(WebPod);

        Assert.Equal(["0: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void Another_pod_of_a_deleted_controller_is_named_as_the_first_one()
    {
        var cluster = SmallCluster.Listed(Deployment, ReplicaSet, WebPod).At(10).Delete(ObjectKind.ReplicaSet, "web-1");

        Assert.Equal("shop/Deployment/web", cluster.Put(Pod("web-1-b", "10.0.0.2").Of("ReplicaSet", "web-1")).Who("10.0.0.2"));
    }

    [Fact]
    public void A_deleted_pod_gets_the_name_that_is_waited_for()
    {
        var cluster = SmallCluster.Listed(Deployment).At(10).Put(WebPod).At(11).Delete(ObjectKind.Pod, "web-1-a").At(12).Put(ReplicaSet);

        Assert.Equal(["0: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_pod_that_is_orphaned_is_called_by_itself_from_then_on()
    {
        var cluster = SmallCluster.Listed(Deployment, ReplicaSet, WebPod).At(10).Put(WebPod with { Controller = null });

        Assert.Equal(["0: shop/Deployment/web", "10: shop/Pod/web-1-a"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_pod_that_is_adopted_is_called_after_the_controller_from_then_on()
    {
        var cluster = SmallCluster.Listed(Deployment, ReplicaSet, WebPod with { Controller = null }).At(10).Put(WebPod);

        Assert.Equal(["0: shop/Pod/web-1-a", "10: shop/Deployment/web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void While_the_adopter_is_waited_for_the_former_name_does_not_hold()
    {
        var cluster = SmallCluster.Listed(WebPod with { Controller = null }).At(10).Put(WebPod).At(12);
        Assert.Equal(["0: shop/Pod/web-1-a", "10: NotYet"], cluster.History(Ip, 0));

        Assert.Equal(["0: shop/Pod/web-1-a", "10: shop/ReplicaSet/web-1"], cluster.At(15).History(Ip, 0));
    }

    [Fact]
    public void A_replica_set_that_is_adopted_renames_its_pods_from_then_on()
    {
        var adopted = Controller(ObjectKind.ReplicaSet, "web-1", Ref("Deployment", "other"));
        var cluster = SmallCluster.Listed(Deployment, Controller(ObjectKind.Deployment, "other"), ReplicaSet, WebPod).At(10).Put(adopted);

        Assert.Equal(["0: shop/Deployment/web", "10: shop/Deployment/other"], cluster.History(Ip, 0));
    }

    [Fact]
    public void A_controller_of_another_namespace_is_none()
    {
        var foreign = Controller(ObjectKind.ReplicaSet, "web-1") with { Namespace = "bank" };
        var cluster = SmallCluster.Listed(foreign, WebPod);

        Assert.Equal("NotYet", cluster.Who(Ip));
        Assert.Equal("shop/ReplicaSet/web-1", cluster.At(5).Who(Ip));
    }

    [Fact]
    public void A_controller_is_its_own_namespaces_whoever_referred_to_it_before()
    {
        var cluster = SmallCluster.Listed().Put(WebPod with { Uid = Uid("intruder"), Namespace = "bank", Addresses = [] }, ReplicaSet, Deployment, WebPod);

        Assert.Equal("shop/Deployment/web", cluster.Who(Ip));
    }

    [Fact]
    public void Controllers_that_own_each_other_do_no_harm()
    {
        var cluster = SmallCluster.Listed(
            Controller(ObjectKind.Job, "a", Ref("Job", "b")), Controller(ObjectKind.Job, "b", Ref("Job", "a")), Pod("p", Ip).Of("Job", "a"));

        Assert.StartsWith("shop/Job/", cluster.Who(Ip), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_climbing_a_pod_is_a_workload_that_bears_its_controllers_name()
    {
        var cluster = new SmallCluster(new IndexSettings { ClimbOwners = false }).Put(Deployment, ReplicaSet, WebPod, Pod("b", "10.0.0.2"));

        Assert.Equal("shop/Pod/web-1-a of web", cluster.Who(Ip));
        Assert.Equal("shop/Pod/b", cluster.Who("10.0.0.2"));
    }

    [Fact]
    public void Without_climbing_a_better_owner_shows_from_then_on()
    {
        var cluster = new SmallCluster(new IndexSettings { ClimbOwners = false }).Put(Deployment, WebPod).At(10).Put(ReplicaSet);

        Assert.Equal(["0: shop/Pod/web-1-a of web-1", "10: shop/Pod/web-1-a of web"], cluster.History(Ip, 0));
    }

    [Fact]
    public void What_nothing_refers_to_any_more_is_forgotten()
    {
        var cluster = SmallCluster.Listed(Deployment, ReplicaSet, WebPod).At(10);
        cluster.Delete(ObjectKind.Deployment, "web").Delete(ObjectKind.ReplicaSet, "web-1").Delete(ObjectKind.Pod, "web-1-a");
        cluster.Index.Expire(Second(10 + 1800));
        cluster.At(1810).Put(WebPod);

        Assert.Equal("NotYet", cluster.Who(Ip));
    }
}
