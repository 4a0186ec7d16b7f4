using System.Net;
using Caretta.Messages;
using Caretta.Node.Kernel;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Names;

public class HostNamesSpecs
{
    private const ushort Port = 5432;
    private const int ARenewal = 64;
    private static readonly IPAddress Loopback = IPAddress.Loopback;
    private static readonly IPAddress Ours = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Container = IPAddress.Parse("172.17.0.2");
    private static readonly IPAddress Stranger = IPAddress.Parse("192.0.2.7");
    private static readonly Workload Node = StandIns.Node("host");

    private readonly Dictionary<ulong, string> _cgroups = [];
    private readonly HostNames _names;
    private int _reads;

    public HostNamesSpecs() => _names = new HostNames("host", () =>
    {
        _reads++;
        return _cgroups;
    });

    [Fact]
    public void The_local_end_is_the_process_and_the_remote_end_its_address()
    {
        var flow = Client("curl", Ours, Stranger);
        Poll(flow);

        Assert.Equal(new NetworkLink(Process("curl"), StandIns.Address("192.0.2.7"), Port, Role.Client), NameOf(flow));
    }

    [Fact]
    public void In_the_servers_role_the_remote_end_is_the_client()
    {
        var flow = Server("nginx", Ours, Stranger);
        Poll(flow);

        Assert.Equal(new NetworkLink(StandIns.Address("192.0.2.7"), Process("nginx"), Port, Role.Server), NameOf(flow));
    }

    [Fact]
    public void Both_ends_on_this_host_name_each_other()
    {
        var (client, server) = (Client("psql", Loopback, Loopback), Server("postgres", Loopback, Loopback));
        Poll(client, server);

        Assert.Equal(new NetworkLink(Process("psql"), Process("postgres"), Port, Role.Client), NameOf(client));
        Assert.Equal(new NetworkLink(Process("psql"), Process("postgres"), Port, Role.Server), NameOf(server));
    }

    [Fact]
    public void Ends_in_two_network_namespaces_find_each_other_by_address()
    {
        var (client, server) = (Client("app", Ours, Container, netns: 1), Server("redis", Container, Ours, netns: 2));
        Poll(client, server);

        Assert.Equal("redis", NameOf(client)!.Server.Name);
        Assert.Equal("app", NameOf(server)!.Client.Name);
    }

    [Fact]
    public void Loopback_is_another_in_each_network_namespace()
    {
        var (client, server) = (Client("psql", Loopback, Loopback, netns: 1), Server("postgres", Loopback, Loopback, netns: 1));
        var (otherClient, otherServer) = (Client("curl", Loopback, Loopback, netns: 2), Server("nginx", Loopback, Loopback, netns: 2));
        Poll(client, server, otherClient, otherServer);

        Assert.Equal("postgres", NameOf(client)!.Server.Name);
        Assert.Equal("nginx", NameOf(otherClient)!.Server.Name);
    }

    [Fact]
    public void Where_several_processes_hold_the_other_end_the_host_stands_for_them()
    {
        var server = Server("postgres", Loopback, Loopback);
        Poll(Client("psql", Loopback, Loopback), Client("pgbench", Loopback, Loopback), server);

        Assert.Equal(new NetworkLink(Node, Process("postgres"), Port, Role.Server), NameOf(server));
    }

    [Fact]
    public void An_end_of_ours_that_does_not_show_is_waited_for_one_poll()
    {
        var client = Client("curl", Loopback, Loopback);
        Poll(client);
        Assert.Null(NameOf(client));
        Assert.Null(NameOf(client)); // asked twice in one poll is not waiting

        Poll();
        Assert.Equal(new NetworkLink(Process("curl"), Node, Port, Role.Client), NameOf(client));

        Poll(Server("nginx", Loopback, Loopback));
        Assert.Equal("nginx", NameOf(client)!.Server.Name);
    }

    [Fact]
    public void An_end_that_was_waited_for_in_vain_is_not_waited_for_again()
    {
        var client = Client("curl", Loopback, Loopback);
        Poll(client);
        NameOf(client);
        for (var poll = 0; poll < 2 * ARenewal; poll++)
        {
            Poll(client);
            Assert.NotNull(NameOf(client));
        }
    }

    [Fact]
    public void The_version_changes_with_the_answers_and_only_with_them()
    {
        var client = Client("curl", Ours, Stranger);
        Poll(client);
        var version = _names.Version;

        Poll(client, Client("curl", Ours, IPAddress.Parse("192.0.2.8")));
        Assert.Equal(version, _names.Version);

        Poll(Server("nginx", Stranger, Ours)); // that address was a stranger's
        Assert.NotEqual(version, _names.Version);
        Assert.Equal("nginx", NameOf(client)!.Server.Name);
    }

    [Fact]
    public void What_is_gone_is_forgotten_at_a_renewal()
    {
        var (client, server) = (Client("psql", Loopback, Loopback), Server("postgres", Loopback, Loopback));
        var successor = Server("pgbouncer", Loopback, Loopback);
        Poll(client, server);
        Poll(client, successor);
        Assert.Equal(Node, NameOf(client)!.Server); // either may have been meant

        for (var poll = 0; poll < ARenewal; poll++)
        {
            Poll(client, successor);
        }

        Assert.Equal("pgbouncer", NameOf(client)!.Server.Name);
    }

    [Fact]
    public void A_unit_or_container_goes_before_the_process()
    {
        _cgroups[77] = "/system.slice/nginx.service";
        _cgroups[78] = "/user.slice/user-0.slice/session-1.scope";
        var (unit, session) = (Server("nginx", Ours, Stranger, cgroup: 77), Server("sshd", Ours, Stranger, cgroup: 78));
        Poll(unit, session);

        Assert.Equal(new Workload("host", "unit", "nginx.service"), NameOf(unit)!.Server);
        Assert.Equal(Process("sshd"), NameOf(session)!.Server);
    }

    [Fact]
    public void Cgroups_are_looked_up_once_a_poll_and_only_when_an_unknown_one_shows()
    {
        _cgroups[77] = "/system.slice/nginx.service";
        var flow = Server("nginx", Ours, Stranger, cgroup: 77);
        Poll(flow, Server("gone", Ours, Stranger, cgroup: 1), Server("gone", Ours, Stranger, cgroup: 2));
        Poll(flow);
        Assert.Equal(1, _reads);

        Poll(Server("new", Ours, Stranger, cgroup: 3));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public void A_socket_nobody_is_known_to_hold_is_the_hosts()
    {
        var flow = Client("", Ours, Stranger);
        Poll(flow);

        Assert.Equal(Node, NameOf(flow)!.Client);
    }

    private NetworkLink? NameOf(in FlowKey flow) => _names.NameOf(flow, changedNs: 1).Link;

    private static Workload Process(string name) => new("host", "process", name);

    private static FlowKey Client(string comm, IPAddress local, IPAddress remote, uint netns = 1, ulong cgroup = 0) =>
        new(local, remote, Port, Role.Client, netns, cgroup, comm);

    private static FlowKey Server(string comm, IPAddress local, IPAddress remote, uint netns = 1, ulong cgroup = 0) =>
        new(local, remote, Port, Role.Server, netns, cgroup, comm);

    /// <summary>Shows these flows, as a poll that finds them new.</summary>
    private void Poll(params FlowKey[] flows)
    {
        _names.BeginPoll();
        foreach (var flow in flows)
        {
            _names.Observe(flow);
        }

        _names.EndObservation();
    }
}
