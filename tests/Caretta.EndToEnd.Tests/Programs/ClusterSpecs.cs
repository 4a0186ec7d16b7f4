using Caretta.EndToEnd.Tests.Hosts;
using Caretta.FakeCluster;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>Real connections, named by the workloads of a cluster: each byte once, under one name.</summary>
public sealed class ClusterSpecs
{
    private const string ToDb = "shop/Deployment/cart → shop/StatefulSet/db";

    [PrivilegedFact]
    public async Task Connections_are_named_by_the_workloads_of_both_ends()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start();
        using var open = cluster.Connect();
        open.SendToServer(100_000);
        for (var i = 0; i < 50; i++)
        {
            using var pair = cluster.Connect();
            pair.SendToServer(1000 + i);
            pair.CloseBoth();
        }

        await cluster.Settles((ToDb, 100_000 + (50 * 1000) + (49 * 50 / 2)));
    }

    [PrivilegedFact]
    public async Task A_pod_whose_address_becomes_known_after_its_first_connection_closed_gets_its_bytes()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db.WithIps()); // created, and still without an address
        await cluster.Start("--Caretta:Node:NamingGrace=00:05:00", cluster.OnlyItsPort);
        using (var pair = cluster.Connect())
        {
            pair.SendToServer(12_345);
            pair.CloseBoth();
        }

        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_unnamed_bytes") > 0, () => $"bytes that wait:\n{cluster.Host.Node.Output}");
        await cluster.Host.ThreePolls();
        Assert.Empty(await cluster.Sent());

        cluster.Objects.Put(OneCluster.Db);
        await cluster.Settles((ToDb, 12_345));
        Assert.Equal(0, await cluster.Host.NodeCounter("caretta_node_unnamed_bytes"));
    }

    [PrivilegedFact]
    public async Task Bytes_that_wait_survive_the_agents_death()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db.WithIps());
        await cluster.Start("--Caretta:Node:NamingGrace=00:05:00", cluster.OnlyItsPort);
        using var pair = cluster.Connect();
        pair.SendToServer(5000);
        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_waiting_rows") > 0, () => $"bytes that wait:\n{cluster.Host.Node.Output}");
        await cluster.Host.Node.Kill();
        pair.SendToServer(500);
        cluster.StartNode("--Caretta:Node:NamingGrace=00:05:00", cluster.OnlyItsPort);
        pair.SendToServer(50);
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Settles((ToDb, 5550));
    }

    [PrivilegedFact]
    public async Task An_address_nobody_claims_is_external()
    {
        await using var cluster = await OneCluster.New();
        await cluster.Start();
        using var pair = cluster.Connect();
        pair.SendToServer(777);
        await cluster.Settles(("shop/Deployment/cart → external/external/10.77.0.2", 777));
    }

    [PrivilegedFact]
    public async Task Both_families_of_a_pods_addresses_are_its_own()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start();
        using var first = cluster.Connect();
        using var second = cluster.Connect(Family.Ipv6);
        first.SendToServer(1_000);
        second.SendToServer(200);
        await cluster.Settles((ToDb, 1_200));
    }

    [PrivilegedFact]
    public async Task Of_more_externals_than_a_workload_may_have_the_rest_are_other()
    {
        await using var cluster = await OneCluster.New("--Caretta:Aggregator:MaxExternalsPerWorkload=1");
        await cluster.Start();
        using var first = cluster.Connect();
        first.SendToServer(1_000);
        await cluster.Settles(("shop/Deployment/cart → external/external/10.77.0.2", 1_000));
        using var second = cluster.Connect(Family.Ipv6);
        second.SendToServer(200);
        await cluster.Settles(
            ("shop/Deployment/cart → external/external/10.77.0.2", 1_000), ("shop/Deployment/cart → external/external/~other", 200));

        await cluster.Host.Aggregator.Kill(); // the one that was granted stays so
        await cluster.Host.StartAggregator().Ready();
        first.SendToServer(30);
        second.SendToServer(4);
        await cluster.Settles(
            ("shop/Deployment/cart → external/external/10.77.0.2", 1_030), ("shop/Deployment/cart → external/external/~other", 204));
    }

    [PrivilegedFact]
    public async Task Externals_of_a_group_are_one()
    {
        await using var cluster = await OneCluster.New("--Caretta:Aggregator:ExternalGroups=partners=10.77.0.0/24");
        await cluster.Start();
        using var first = cluster.Connect();
        using var second = cluster.Connect(Family.Ipv6);
        first.SendToServer(1_000);
        second.SendToServer(200);
        await cluster.Settles(
            ("shop/Deployment/cart → external/external/partners", 1_000), ("shop/Deployment/cart → external/external/fd77::2", 200));
    }

    [PrivilegedFact]
    public async Task An_address_that_changes_hands_under_an_open_connection_leaves_each_holder_its_bytes()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start();
        using var pair = cluster.Connect();
        pair.SendToServer(40_000);
        await cluster.Settles((ToDb, 40_000));

        var notices = await cluster.Notices();
        cluster.Objects.Delete(OneCluster.Db);
        cluster.Objects.Put(Manifest.Pod("shop", "search-0", ["10.77.0.2"], Manifest.StatefulSet("shop", "search")));
        cluster.Objects.Put(Manifest.StatefulSet("shop", "search"));
        await cluster.Told(notices + 1);
        await cluster.Host.ThreePolls();
        pair.SendToServer(2_000);
        await cluster.Settles((ToDb, 40_000), ("shop/Deployment/cart → shop/StatefulSet/search", 2_000));
    }

    [PrivilegedFact]
    public async Task An_aggregator_restarted_between_a_pods_deletion_and_the_next_poll_takes_no_name_away()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start(cluster.OnlyItsPort);
        using var pair = cluster.Connect();
        pair.SendToServer(10_000);
        await cluster.Settles((ToDb, 10_000));

        cluster.Host.Node.Pause();
        pair.SendToServer(3_000);
        pair.CloseBoth();
        cluster.Objects.Delete(OneCluster.Db);
        await cluster.Host.Aggregator.Kill();
        await cluster.Host.StartAggregator().Ready();
        cluster.Host.Node.Resume();
        await cluster.Settles((ToDb, 13_000));
        await cluster.Host.ThreePolls();
        Assert.Equal(0, await cluster.Host.NodeCounter("caretta_node_settled_bytes_total"));
    }

    [PrivilegedFact]
    public async Task A_pod_deleted_while_no_aggregator_was_there_keeps_its_bytes_although_the_next_one_never_heard_of_it()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start(cluster.OnlyItsPort);
        using var pair = cluster.Connect();
        pair.SendToServer(10_000);
        await cluster.Settles((ToDb, 10_000));

        await cluster.Host.Aggregator.Kill();
        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_directory_answers") == 0, () => $"a word of the loss:\n{cluster.Host.Node.Output}");
        pair.SendToServer(3_000);
        pair.CloseBoth();
        cluster.Objects.Delete(OneCluster.Db);
        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_waiting_rows") > 0, () => $"bytes that wait:\n{cluster.Host.Node.Output}");
        await cluster.Host.StartAggregator().Ready();
        await cluster.Settles((ToDb, 13_000));
    }

    [PrivilegedFact]
    public async Task With_every_aggregator_away_the_agent_counts_on_and_names_later()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        cluster.StartNode(cluster.OnlyItsPort);
        await cluster.Host.Node.Ready();
        using (var pair = cluster.Connect())
        {
            pair.SendToServer(4321);
            pair.CloseBoth();
        }

        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_waiting_rows") > 0, () => $"bytes that wait:\n{cluster.Host.Node.Output}");
        await cluster.Host.StartAggregator().Ready();
        await cluster.Settles((ToDb, 4321));
    }

    [PrivilegedFact]
    public async Task Without_its_api_server_an_aggregator_is_not_ready_and_says_what_is_missing_and_names_come_when_it_is_back()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Api.StopAsync();
        cluster.Host.StartAggregator();
        cluster.StartNode();
        await cluster.Host.Node.Ready();
        var readiness = "";
        await Eventually.True(
            async () => (readiness = await cluster.Host.Aggregator.Text("/readyz") ?? "").Contains("\"Pod\"", StringComparison.Ordinal),
            () => $"the kinds that are missing: {readiness}");
        Assert.Contains("\"ready\":false", readiness, StringComparison.Ordinal);

        using var pair = cluster.Connect();
        pair.SendToServer(999);
        await cluster.Api.StartAsync();
        await cluster.Host.Aggregator.Ready();
        await cluster.Settles((ToDb, 999));
    }

    [PrivilegedFact]
    public async Task The_cgroup_of_a_socket_names_a_pod_whatever_its_address_is_said_to_be()
    {
        Assert.SkipWhen(CgroupTree.Root is null, "needs cgroups of version 2");
        await using var cluster = await OneCluster.New();
        using var folder = new PodFolder(CgroupTree.Root);
        cluster.Objects.Put(OneCluster.Db, Manifest.Deployment("infra", "proxy"), Manifest.ReplicaSet("infra", "proxy-1", Manifest.Deployment("infra", "proxy")));
        cluster.Objects.Put(Manifest.Pod(
            "infra", "proxy-1-x", ["192.0.2.1"], Manifest.ReplicaSet("infra", "proxy-1"), hostNetwork: true).WithUid(folder.Uid));
        await cluster.Start();
        using var client = new HeldProcess(
            $"{folder.Enter}; exec 3<>/dev/tcp/10.77.0.2/{cluster.Port}; printf four >&3", cluster.Pods.Client);
        using var server = cluster.Listener.Accept();
        Assert.Equal(4, server.Receive(new byte[8]));
        await cluster.Settles(("infra/Deployment/proxy → shop/StatefulSet/db", 4));
    }

    [PrivilegedFact]
    public async Task What_a_filter_cuts_is_no_link_and_is_counted()
    {
        await using var cluster = await OneCluster.New();
        cluster.Objects.Put(OneCluster.Db);
        await cluster.Start($"--Caretta:Node:ExcludePorts={cluster.Port}");
        using var pair = cluster.Connect();
        pair.SendToServer(1000);

        // Both ends are on this host, and each is cut.
        await Eventually.True(
            async () => await cluster.Host.NodeCounter("caretta_node_left_out_bytes_total", ("reason", "port")) == 2000,
            () => $"bytes left out:\n{cluster.Host.Node.Output}");
        Assert.Empty(await cluster.Sent());
        Assert.True(await cluster.Host.NodeCounter("caretta_node_left_out_bytes_total", ("reason", "loopback")) > 0); // our own scrapes
    }
}
