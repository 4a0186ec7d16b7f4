using System.Net;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;
using Caretta.Tests.Node.Fakes;

namespace Caretta.Tests.Node.Names;

public class LocalEndsSpecs
{
    private const uint Netns = 4026532001;
    private const int APeriod = 64;
    private static readonly Guid Pod = Guid.Parse("4e43fa23-0bbf-4d1d-9ae0-79a1e3cf0d65");
    private static readonly Guid Other = Guid.Parse("11111111-2222-3333-4444-555555555555");
    private static readonly IPAddress Local = IPAddress.Parse("10.1.0.7");
    private static readonly IPAddress Successor = IPAddress.Parse("10.1.0.8");
    private static readonly IPAddress Remote = IPAddress.Parse("192.0.2.7");

    private readonly FakeProcesses _processes = new();
    private readonly Dictionary<ulong, string> _tree = [];
    private int _treeReads;

    [Fact]
    public void The_sockets_cgroup_tells_and_the_processes_are_not_listed()
    {
        _tree[77] = PathOf(Pod);
        var ends = New(socketsShowCgroups: true);
        Poll(ends);

        Assert.Equal(
            new LinkEnds(Pod, false, new Address(Local), new Address(Remote), 80, Role.Client),
            ends.EndsOf(Flow(cgroup: 77)));
        Assert.Equal(Pod, ends.EndsOf(Flow(FakeProcesses.HostNetns, cgroup: 77)).LocalPod);
        Assert.Equal(0, _processes.Reads);
    }

    [Fact]
    public void Where_sockets_show_cgroups_one_of_no_pod_has_the_last_word()
    {
        _tree[78] = "/system.slice/docker-1.scope";
        _processes.Start(70, Netns, "nsenter", PathOf(Pod));
        _processes.Start(71, FakeProcesses.HostNetns, "sshd", PathOf(Pod));
        var ends = New(socketsShowCgroups: true);
        Poll(ends);

        AssertEnds(ends, Flow(cgroup: 78), Guid.Empty, isNode: false);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "sshd", cgroup: 78), Guid.Empty, isNode: true);
        Poll(ends);
        ends.EndsOf(Flow(FakeProcesses.HostNetns, "sshd", cgroup: 78));
        Assert.Equal(1, _processes.Reads); // which network namespace is the host's never changes
    }

    [Fact]
    public void On_other_hosts_it_has_not_because_runtimes_leave_it_at_their_own()
    {
        _tree[78] = "/system.slice/containerd.service";
        _processes.Start(70, Netns, "nginx", PathOf(Pod), cgroup: 78, unified: "/system.slice/containerd.service");
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(cgroup: 78), Pod, isNode: false);
    }

    [Fact]
    public void A_cgroup_hidden_from_here_is_known_by_a_process_in_it()
    {
        _processes.Start(70, FakeProcesses.HostNetns, "kube-proxy", "/", cgroup: 77, unified: "/../.." + PathOf(Pod));
        var ends = New(socketsShowCgroups: true);
        Poll(ends);

        AssertEnds(ends, Flow(FakeProcesses.HostNetns, cgroup: 77), Pod, isNode: false);
        _processes.End(70);
        Poll(ends);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, cgroup: 77), Pod, isNode: false);
    }

    [Fact]
    public void Processes_of_many_pods_may_share_a_cgroup_of_version_2_and_tell_nothing_of_each_other()
    {
        _processes.Start(70, Netns, "nginx", PathOf(Pod), cgroup: 78, unified: "/system.slice/containerd.service");
        _processes.Start(71, Netns + 1, "redis", PathOf(Other), cgroup: 78, unified: "/system.slice/containerd.service");
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(Netns, cgroup: 78), Pod, isNode: false);
        AssertEnds(ends, Flow(Netns + 1, cgroup: 78), Other, isNode: false);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CgroupHierarchies.Root)]
    public void Where_sockets_show_the_root_alone_the_tree_is_not_read(ulong cgroup)
    {
        _processes.Start(70, Netns, "nginx", PathOf(Pod));
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(cgroup: cgroup), Pod, isNode: false);
        Assert.Equal(0, _treeReads);
    }

    [Fact]
    public void Tree_and_processes_are_read_at_most_once_a_poll()
    {
        _processes.Start(70, Netns, "nginx", PathOf(Pod));
        var ends = New();
        Poll(ends);
        for (var i = 0u; i < 1000; i++)
        {
            ends.EndsOf(Flow(Netns, cgroup: 100 + i));
            ends.EndsOf(Flow(Netns + i, "curl"));
            ends.EndsOf(Flow(FakeProcesses.HostNetns, $"comm{i}"));
        }

        Assert.Equal((1, 1), (_treeReads, _processes.Reads));
        Poll(ends);
        ends.EndsOf(Flow(Netns, cgroup: 100)); // not there a poll ago
        Assert.Equal((1, 2), (_treeReads, _processes.Reads));
        Poll(ends);
        Assert.Equal((1L, 2L), (_treeReads, ends.ProcessLists));
    }

    [Fact]
    public void A_cgroup_that_was_not_found_is_looked_for_again_after_a_period()
    {
        var ends = New();
        Poll(ends);
        AssertEnds(ends, Flow(cgroup: 77), Guid.Empty, isNode: false);

        _tree[77] = PathOf(Pod);
        for (var poll = 0; poll < APeriod; poll++)
        {
            Poll(ends);
        }

        AssertEnds(ends, Flow(cgroup: 77), Pod, isNode: false);
    }

    [Fact]
    public void A_cgroup_that_was_in_the_tree_is_known_when_it_is_gone_and_kept_while_asked_for()
    {
        _tree[77] = PathOf(Pod);
        _tree[79] = PathOf(Other);
        var ends = New();
        Poll(ends);
        ends.EndsOf(Flow(cgroup: 79));
        _tree.Clear();
        for (var poll = 0; poll < 3 * APeriod; poll++)
        {
            Poll(ends);
            AssertEnds(ends, Flow(cgroup: 77), Pod, isNode: false);
        }

        AssertEnds(ends, Flow(cgroup: 79), Guid.Empty, isNode: false);
    }

    [Fact]
    public void In_a_network_namespace_whichever_process_is_in_a_pod_tells_it()
    {
        _processes.Start(70, Netns, "ip", "/system.slice/containerd.service");
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        _processes.Start(72, Netns, "nginx", PathOf(Pod));
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(comm: "curl"), Pod, isNode: false);
    }

    [Fact]
    public void Two_pods_in_one_network_namespace_tell_nothing()
    {
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        _processes.Start(72, Netns, "tcpdump", PathOf(Other));
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(), Guid.Empty, isNode: false);
    }

    [Fact]
    public void A_process_that_ends_before_it_is_asked_tells_nothing_and_the_next_one_does()
    {
        _processes.Start(71, Netns, "pause", PathOf(Other));
        _processes.EndAfterListing(71);
        _processes.Start(72, Netns, "nginx", PathOf(Pod));
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(), Pod, isNode: false);
    }

    [Fact]
    public void A_pod_that_comes_after_its_network_namespace_is_found_in_the_next_poll()
    {
        _processes.Start(70, Netns, "cni", "/system.slice/containerd.service");
        var ends = New();
        Poll(ends);
        AssertEnds(ends, Flow(), Guid.Empty, isNode: false);

        _processes.Start(71, Netns, "pause", PathOf(Pod));
        Poll(ends);
        AssertEnds(ends, Flow(), Pod, isNode: false);
    }

    [Fact]
    public void A_visitor_taken_for_the_pod_is_found_out_after_a_period()
    {
        _processes.Start(70, Netns, "cni", PathOf(Other));
        var ends = New();
        Poll(ends);
        AssertEnds(ends, Flow(), Other, isNode: false);

        _processes.End(70);
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        for (var poll = 0; poll < APeriod; poll++)
        {
            Poll(ends);
        }

        AssertEnds(ends, Flow(), Pod, isNode: false);
    }

    [Fact]
    public void A_pods_late_flows_are_its_own_when_its_processes_are_gone()
    {
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        var ends = New();
        Poll(ends);
        ends.EndsOf(Flow());
        _processes.End(71);
        Poll(ends);

        AssertEnds(ends, Flow(comm: "curl", remote: "192.0.2.99"), Pod, isNode: false);
    }

    [Fact]
    public void The_next_pod_with_the_same_network_namespaces_number_is_not_taken_for_it()
    {
        _processes.Start(71, Netns, "pause", PathOf(Pod), cookie: 1);
        var ends = New();
        Poll(ends);
        ends.EndsOf(Flow());

        // It came and went unseen.
        _processes.End(71);
        Poll(ends);
        AssertEnds(ends, Flow(local: Successor), Guid.Empty, isNode: false);

        // It is there.
        _processes.Start(72, Netns, "pause", PathOf(Other), cookie: 2);
        Poll(ends);
        AssertEnds(ends, Flow(local: Successor), Other, isNode: false);
        AssertEnds(ends, Flow(), Other, isNode: false);
    }

    [Fact]
    public void A_pod_that_is_gone_is_forgotten_after_two_periods()
    {
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        var ends = New();
        Poll(ends);
        ends.EndsOf(Flow());
        _processes.End(71);
        for (var poll = 0; poll < 2 * APeriod; poll++)
        {
            Poll(ends);
        }

        AssertEnds(ends, Flow(), Guid.Empty, isNode: false);
    }

    [Fact]
    public void In_the_hosts_network_namespace_the_processes_of_that_name_tell()
    {
        _processes.Start(80, FakeProcesses.HostNetns, "kube-proxy", PathOf(Pod));
        _processes.Start(81, FakeProcesses.HostNetns, "kube-proxy", PathOf(Pod));
        _processes.Start(82, FakeProcesses.HostNetns, "kubelet", "/system.slice/kubelet.service");
        _processes.Start(83, Netns, "kube-proxy", PathOf(Other));
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "kube-proxy"), Pod, isNode: false);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "kubelet"), Guid.Empty, isNode: true);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "gone"), Guid.Empty, isNode: true);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, ""), Guid.Empty, isNode: true);
    }

    [Theory]
    [InlineData("/system.slice/ssh.service")]
    [InlineData("/kubepods/pod11111111-2222-3333-4444-555555555555/nginx")]
    public void Namesakes_that_are_not_all_of_one_pod_tell_nothing(string path)
    {
        _processes.Start(80, FakeProcesses.HostNetns, "nginx", PathOf(Pod));
        _processes.Start(81, FakeProcesses.HostNetns, "nginx", path);
        var ends = New();
        Poll(ends);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "nginx"), Guid.Empty, isNode: true);

        _processes.End(81);
        Poll(ends);
        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "nginx"), Pod, isNode: false);
    }

    [Fact]
    public void Where_process_1_is_hidden_the_first_that_shows_is_in_the_hosts_network_namespace()
    {
        _processes.Start(70, Netns, "nginx", PathOf(Pod));
        _processes.Start(2, FakeProcesses.HostNetns, "kthreadd", "/");
        _processes.End(1);
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "sshd"), Guid.Empty, isNode: true);
        AssertEnds(ends, Flow(), Pod, isNode: false);
    }

    [Fact]
    public void Where_no_process_shows_nothing_is_the_nodes()
    {
        _processes.End(1);
        var ends = New();
        Poll(ends);

        AssertEnds(ends, Flow(FakeProcesses.HostNetns, "sshd"), Guid.Empty, isNode: false);
    }

    [Fact]
    public void A_hundred_thousand_flows_ask_each_process_once()
    {
        for (var pod = 0u; pod < 200; pod++)
        {
            for (var process = 0u; process < 10; process++)
            {
                _processes.Start(1000 + (10 * pod) + process, Netns + pod, "nginx", PathOf(Pod));
            }
        }

        var ends = New();
        for (var poll = 0; poll < 2; poll++)
        {
            Poll(ends);
            for (var flow = 0u; flow < 100_000; flow++)
            {
                Assert.Equal(Pod, ends.EndsOf(Flow(Netns + (flow % 200), remote: $"192.0.{(flow / 200) % 250}.1")).LocalPod);
            }
        }

        Assert.Equal(2000, _processes.CgroupsRead);
    }

    [Fact]
    public void What_is_remembered_has_a_bound_and_what_it_costs_is_counted()
    {
        const int addresses = 40_000;
        _processes.Start(71, Netns, "pause", PathOf(Pod));
        var ends = New();
        Poll(ends);
        for (var i = 0; i < addresses; i++)
        {
            ends.EndsOf(Flow(local: Numbered(i)));
        }

        Assert.InRange(ends.Crowded, 1, addresses - 16_384);
        _processes.End(71);
        Poll(ends);
        AssertEnds(ends, Flow(local: Numbered(0)), Guid.Empty, isNode: false);
        AssertEnds(ends, Flow(local: Numbered(addresses - 1)), Pod, isNode: false);
    }

    private static IPAddress Numbered(int i) => new([10, 2, (byte)(i >> 8), (byte)i]);

    private static string PathOf(Guid pod) => $"/kubepods/pod{pod}/nginx";

    private static FlowKey Flow(uint netns = Netns, string comm = "nginx", ulong cgroup = 0, IPAddress? local = null, string? remote = null) =>
        new(local ?? Local, remote is null ? Remote : IPAddress.Parse(remote), 80, Role.Client, netns, cgroup, comm);

    private static void Poll(LocalEnds ends) => ends.BeginPoll();

    private static void AssertEnds(LocalEnds ends, in FlowKey flow, Guid pod, bool isNode)
    {
        var found = ends.EndsOf(flow);
        Assert.Equal((pod, isNode), (found.LocalPod, found.LocalIsNode));
    }

    private LocalEnds New(bool socketsShowCgroups = false) => new(
        socketsShowCgroups,
        () =>
        {
            _treeReads++;
            return _tree;
        },
        _processes);
}
