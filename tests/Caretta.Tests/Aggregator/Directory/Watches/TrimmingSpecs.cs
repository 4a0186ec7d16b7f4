using Caretta.Aggregator.Directory.Objects;
using Caretta.Aggregator.Directory.Watches;
using Caretta.FakeCluster;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Watches;

/// <summary>What is kept of an object.</summary>
public class TrimmingSpecs
{
    private static readonly DateTimeOffset ServerNow = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ObjectTimes Times = new(TimeSpan.FromMinutes(10), ServerNow);

    [Fact]
    public void A_pod_has_all_its_addresses_and_the_owner_that_controls_it()
    {
        var set = Manifest.ReplicaSet("shop", "cart-abc", Manifest.Deployment("shop", "cart"));
        var pod = Pod(Manifest.Pod("shop", "cart-abc-1", ["10.0.0.1", "fd00::1"], set));

        Assert.Equal(("shop", "cart-abc-1", false), (pod.Namespace, pod.Name, pod.HostNetwork));
        Assert.Equal([Address.Parse("10.0.0.1"), Address.Parse("fd00::1")], pod.Addresses);
        Assert.Equal(new ControllerRef("ReplicaSet", "cart-abc", Guid.Parse(set.Uid)), pod.Controller);
        Assert.Null(pod.FinishedAt);
        Assert.Null(pod.StaticUid);
    }

    [Fact]
    public void A_pod_without_a_list_of_addresses_has_the_one_it_names()
    {
        var pod = Pod(Manifest.Pod("shop", "a", ["10.0.0.1"]).With(json => json["status"]!.AsObject().Remove("podIPs")));
        Assert.Equal([Address.Parse("10.0.0.1")], pod.Addresses);
        Assert.Empty(Pod(Manifest.Pod("shop", "pending", phase: "Pending")).Addresses);
    }

    [Fact]
    public void An_owner_that_does_not_control_is_none()
    {
        var pod = Manifest.Pod("shop", "a").OwnedBy("Node", "n", Guid.NewGuid().ToString());
        Assert.Null(Pod(pod.With(json => json["metadata"]!["ownerReferences"]![1]!["controller"] = false)).Controller);
        Assert.Null(Pod(pod.With(json => json["metadata"]!["ownerReferences"]![1]!["uid"] = "n")).Controller);
    }

    [Fact]
    public void A_static_pod_has_the_uid_that_its_cgroups_bear_besides_its_own()
    {
        var pod = Pod(Manifest.StaticPod("kube-system", "etcd-node-1", "0123456789abcdef0123456789abcdef", ["192.168.0.1"]));
        Assert.Equal(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), pod.StaticUid);
        Assert.True(pod.HostNetwork);
        Assert.Equal("Node", pod.Controller?.Kind);
    }

    [Theory]
    [InlineData("kubernetes.io/config.mirror", "0123456789abcdef0123456789abcdef", true)]
    [InlineData("kubernetes.io/config.hash", "0123456789abcdef", false)]
    [InlineData("kubernetes.io/config.source", "0123456789abcdef0123456789abcdef", false)]
    public void A_static_uid_is_32_digits_of_either_annotation(string annotation, string value, bool known) =>
        Assert.Equal(known, Pod(Manifest.Pod("kube-system", "etcd").Annotated(annotation, value)).StaticUid is not null);

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public void A_finished_pod_finished_with_the_last_of_its_containers(string phase)
    {
        var pod = Manifest.Pod("shop", "a", ["10.0.0.1"]).Finished(phase, ServerNow.AddMinutes(-3), ServerNow.AddMinutes(-2));
        Assert.Equal(TimeSpan.FromMinutes(8), Pod(pod).FinishedAt);
    }

    [Fact]
    public void A_finished_pod_that_does_not_say_when_has_finished_by_now() =>
        Assert.Equal(Times.Now, Pod(Manifest.Pod("shop", "evicted").Finished("Failed")).FinishedAt);

    [Fact]
    public void A_pod_that_runs_on_after_a_container_ended_has_not_finished() =>
        Assert.Null(Pod(Manifest.Pod("shop", "a").Finished("Running", ServerNow)).FinishedAt);

    [Fact]
    public void Times_are_by_the_clock_of_the_directory_and_never_to_come()
    {
        Assert.Equal(TimeSpan.FromMinutes(-50), Pod(Manifest.Pod("shop", "a").CreatedAt(ServerNow.AddHours(-1))).CreatedAt);
        Assert.Equal(Times.Now, Pod(Manifest.Pod("shop", "a").CreatedAt(ServerNow.AddSeconds(1))).CreatedAt);
    }

    [Fact]
    public void A_node_has_the_addresses_of_its_interfaces_and_no_namespace()
    {
        var node = (ClusterNode)Trim(Manifest.Node("node-1", "192.168.0.1", "fd00::2")).Object!;
        Assert.Equal((ObjectKind.Node, "", "node-1"), (node.Kind, node.Namespace, node.Name));
        Assert.Equal([Address.Parse("192.168.0.1"), Address.Parse("fd00::2")], node.Addresses);
    }

    [Fact]
    public void A_service_has_the_addresses_of_both_families_of_balancers_and_external_ones_each_once()
    {
        var service = Manifest.Service("shop", "cart", ["10.96.0.1", "fd00::3"], ["203.0.113.1", "lb.example.org"], ["203.0.113.1", "198.51.100.1"]);
        Assert.Equal(
            [Address.Parse("10.96.0.1"), Address.Parse("fd00::3"), Address.Parse("203.0.113.1"), Address.Parse("198.51.100.1")],
            ((ClusterService)Trim(service).Object!).Addresses);
        Assert.Null(Trim(service).Flaw);
    }

    [Fact]
    public void A_headless_service_and_one_that_is_an_external_name_have_none()
    {
        Assert.Null(Trim(Manifest.Service("shop", "db", ["None"])).Flaw);
        Assert.Empty(((ClusterService)Trim(Manifest.Service("shop", "db", ["None"])).Object!).Addresses);
        Assert.Empty(((ClusterService)Trim(Manifest.Service("shop", "outside")).Object!).Addresses);
    }

    [Fact]
    public void A_slice_has_the_addresses_that_no_pod_stands_behind()
    {
        var slice = Manifest.EndpointSlice("shop", "db-1", "db", ("10.0.0.1", Manifest.Pod("shop", "a")), ("192.0.2.1", null));
        var endpoints = (ClusterEndpoints)Trim(slice).Object!;
        Assert.Equal("db", endpoints.Service);
        Assert.Equal([Address.Parse("192.0.2.1")], endpoints.Addresses);
        Assert.Equal("", ((ClusterEndpoints)Trim(Manifest.EndpointSlice("shop", "x", null)).Object!).Service);
    }

    [Fact]
    public void Names_in_a_slice_are_no_addresses_and_no_fault()
    {
        var slice = Manifest.EndpointSlice("shop", "db-1", "db", ("db.example.org", null)).With(json => json["addressType"] = "FQDN");
        Assert.Null(Trim(slice).Flaw);
        Assert.Empty(((ClusterEndpoints)Trim(slice).Object!).Addresses);
    }

    [Theory]
    [InlineData("replicasets", "ReplicaSet")]
    [InlineData("deployments", "Deployment")]
    [InlineData("daemonsets", "DaemonSet")]
    [InlineData("statefulsets", "StatefulSet")]
    [InlineData("jobs", "Job")]
    [InlineData("cronjobs", "CronJob")]
    public void A_controller_is_of_its_kind_and_knows_its_own(string plural, string kind)
    {
        var owner = Manifest.Deployment("shop", "cart");
        var controller = (ClusterController)Trim(Manifest.Controller(ApiKind.All.Single(one => one.Plural == plural), "shop", "x", owner)).Object!;
        Assert.Equal(kind, controller.Kind.ToString());
        Assert.Equal(new ControllerRef("Deployment", "cart", Guid.Parse(owner.Uid)), controller.Controller);
    }

    private static ClusterPod Pod(Manifest manifest) => Assert.IsType<ClusterPod>(Trim(manifest).Object);

    private static Trimmed Trim(Manifest manifest) =>
        WatchedKind.All.Single(kind => kind.Resource == manifest.Kind.Plural)
            .Read(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(manifest.Json), Times);
}
