using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Which pod a real socket is found to be in.</summary>
public sealed class LocalEndSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const string NoVersion2 = "needs cgroups of version 2";
    private const string NoVersion1 = "needs a kernel that knows cgroups of version 1";
    private static readonly Dictionary<ulong, string> Nothing = [];

    [PrivilegedFact]
    public void A_socket_that_shows_its_cgroup_is_its_pods_and_no_process_is_asked()
    {
        Assert.SkipWhen(CgroupTree.Root is null, NoVersion2);
        using var table = new TableUnderTest();
        using var pod = new PodFolder(CgroupTree.Root);
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        using var client = Dial(listener, hosts.Server.Ipv4, pod.Enter, hosts.Client);
        var ends = Ends(table, CgroupTree.Read, socketsShowCgroups: true);
        var found = ends.EndsOf(FlowOf(table, listener));

        Assert.Equal(
            new LinkEnds(pod.Uid, false, new Address(hosts.Client.Ipv4), new Address(hosts.Server.Ipv4), Port(listener), Role.Client),
            found);
        Assert.Equal(0, ends.ProcessLists);
    }

    [PrivilegedFact]
    public void A_cgroup_that_does_not_show_from_here_is_known_by_the_process_in_it()
    {
        Assert.SkipWhen(CgroupTree.Root is null, NoVersion2);
        using var table = new TableUnderTest();
        using var pod = new PodFolder(CgroupTree.Root);
        using var listener = Listen();
        using var client = Dial(listener, IPAddress.Loopback, pod.Enter);

        Assert.Equal(pod.Uid, Ends(table, () => Nothing, socketsShowCgroups: true).EndsOf(FlowOf(table, listener)).LocalPod);
    }

    [PrivilegedFact]
    public void A_socket_that_shows_no_pod_is_that_of_the_processes_in_its_network_namespace()
    {
        using var hierarchy = NamedHierarchy.TryMount();
        Assert.SkipWhen(hierarchy is null, NoVersion1);
        using var table = new TableUnderTest();
        using var pod = new PodFolder(hierarchy.Folder);
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var ends = Ends(table, CgroupTree.Read);
        FlowKey flow;
        using (Dial(listener, hosts.Server.Ipv4, pod.Enter, hosts.Client))
        {
            flow = FlowOf(table, listener);
            Assert.Equal((pod.Uid, false), PodOf(ends, flow));
        }

        ends.BeginPoll();
        Assert.Equal((pod.Uid, false), PodOf(ends, flow)); // its processes are gone
        Assert.Equal((Guid.Empty, false), PodOf(Ends(table, CgroupTree.Read), flow)); // nobody remembers
    }

    [PrivilegedFact]
    public void In_the_hosts_network_namespace_the_process_of_that_name_tells_and_what_is_in_no_pod_is_the_nodes()
    {
        using var hierarchy = NamedHierarchy.TryMount();
        Assert.SkipWhen(hierarchy is null, NoVersion1);
        using var table = new TableUnderTest(options => options with { ByProcess = true });
        var first = new KernelProcesses(table.PinFolder).Read().MinBy(process => process.Pid);
        Assert.SkipWhen(first.Netns != Libc.InodeOf("/proc/self/ns/net"), "needs the network namespace of process 1");
        using var pod = new PodFolder(hierarchy.Folder);
        using var listener = Listen();
        using var client = Dial(listener, IPAddress.Loopback, $"{pod.Enter}; {Rename}");
        var ends = Ends(table, CgroupTree.Read);

        Assert.Equal((pod.Uid, false), PodOf(ends, FlowOf(table, listener)));
        Assert.Equal((Guid.Empty, true), PodOf(ends, FlowOf(table, listener, Role.Server))); // ours

        using var namesake = new HeldProcess(Rename);
        ends.BeginPoll();
        Assert.Equal((Guid.Empty, true), PodOf(ends, FlowOf(table, listener)));
    }

    /// <summary>For a shell's script: it has a name that nobody has in another run beside this one.</summary>
    private static string Rename => $"printf hostnet-{Environment.ProcessId} > /proc/$$/comm";

    private static Socket Listen() => TestHost.Listen(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), AddressFamily.InterNetwork);

    private static HeldProcess Dial(Socket listener, IPAddress address, string first, TestHost? host = null) =>
        new($"{first}; exec 3<>/dev/tcp/{address}/{Port(listener)}; printf four >&3", host);

    private static ushort Port(Socket listener) => (ushort)((IPEndPoint)listener.LocalEndPoint!).Port;

    private static FlowKey FlowOf(TableUnderTest table, Socket listener, Role role = Role.Client)
    {
        FlowKey? found = null;
        var port = Port(listener);
        table.Table.Fold();
        table.Table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == port && flow.Key.Role == role)
            {
                found = flow.Key;
            }
        });
        return found!.Value;
    }

    private static LocalEnds Ends(TableUnderTest table, Func<IReadOnlyDictionary<ulong, string>> readCgroups, bool socketsShowCgroups = false)
    {
        var ends = new LocalEnds(socketsShowCgroups, readCgroups, new KernelProcesses(table.PinFolder));
        ends.BeginPoll();
        return ends;
    }

    private static (Guid Pod, bool IsNode) PodOf(LocalEnds ends, in FlowKey flow)
    {
        var found = ends.EndsOf(flow);
        return (found.LocalPod, found.LocalIsNode);
    }
}
