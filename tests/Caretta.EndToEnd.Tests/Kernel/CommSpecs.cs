using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Flows told apart by process carry the name of the process (not the thread's) that dialled, or that listens.</summary>
public sealed class CommSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    /// <summary>As long as the kernel keeps names: 15 bytes.</summary>
    private const string Dialler = "caretta-dialler";

    private static readonly string Own = File.ReadAllText("/proc/self/comm").TrimEnd('\n');

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_client_and_a_listener_younger_than_the_programs(Family family)
    {
        using var table = ByProcess();
        using var pair = new Pair(hosts, family);
        AssertNames(table, pair, client: Own, server: Own);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void What_a_listener_older_than_the_programs_accepts(Family family)
    {
        using var listener = hosts.Server.Listen(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        using var table = ByProcess();
        table.Table.Enrol();
        using var pair = new Pair(hosts, family, listener: listener);
        AssertNames(table, pair, client: Own, server: Own);
    }

    [PrivilegedFact]
    public void What_a_listener_accepted_before_it_was_known_itself()
    {
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        using var table = ByProcess();
        using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
        table.Table.Enrol();
        AssertNames(table, pair, client: Own, server: Own);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void Connections_older_than_the_programs(Family family)
    {
        using var pair = new Pair(hosts, family);
        using var table = ByProcess();
        table.Table.Enrol();
        AssertNames(table, pair, client: Own, server: Own);
    }

    [PrivilegedFact]
    public void A_name_is_carried_over_a_detach()
    {
        using var table = ByProcess();
        using var pair = new Pair(hosts, Family.Ipv4);
        var carried = table.Table.Detach();
        table.Table.Remove();
        table.Reopen(options => options with { FreshBoot = false, Carried = carried });
        pair.SendToServer(10);
        pair.CloseBoth(); // nobody enrolled it: the close meets it
        Assert.Equal([(Role.Client, Own, 10UL, 0UL), (Role.Server, Own, 0UL, 10UL)], Flows(table, pair.Port));
    }

    [PrivilegedFact]
    public void Another_process_has_a_flow_of_its_own_to_the_same_server()
    {
        using var table = ByProcess();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
        pair.SendToServer(100);
        pair.CloseBoth();
        DialFromAnotherProcess(listener, "twenty-two bytes of it");
        // Its end of the connection is the last to end, and not ours to ask.
        Eventually.TrueSoon(() => table.Poll(pair.Port).Client.Closed == 2, () => $"both closed: {table.Poll(pair.Port).Client}");
        Assert.Equal(
            [(Role.Client, Own, 100UL, 0UL), (Role.Client, Dialler, 22UL, 0UL), (Role.Server, Own, 0UL, 122UL)],
            Flows(table, pair.Port));
    }

    [PrivilegedFact]
    public void Names_are_not_told_unless_asked_for()
    {
        using var older = new Pair(hosts, Family.Ipv4);
        using var table = new TableUnderTest();
        table.Table.Enrol();
        using var pair = new Pair(hosts, Family.Ipv4);
        AssertNames(table, older, client: "", server: "");
        AssertNames(table, pair, client: "", server: "");
    }

    [PrivilegedFact]
    public void Tables_made_without_names_get_them_when_the_next_agent_asks()
    {
        using var table = new TableUnderTest();
        table.Reopen(options => options with { ByProcess = true });
        using var named = new Pair(hosts, Family.Ipv4);
        AssertNames(table, named, client: Own, server: Own);
        table.Reopen();
        using var unnamed = new Pair(hosts, Family.Ipv4);
        AssertNames(table, unnamed, client: "", server: "");
    }

    private static TableUnderTest ByProcess() => new(options => options with { ByProcess = true });

    private static void AssertNames(TableUnderTest table, Pair pair, string client, string server)
    {
        pair.SendToServer(1000);
        pair.SendToClient(300);
        pair.CloseBoth();
        Assert.Equal([(Role.Client, client, 1000UL, 300UL), (Role.Server, server, 300UL, 1000UL)], Flows(table, pair.Port));
    }

    private static List<(Role Role, string Comm, ulong Sent, ulong Received)> Flows(TableUnderTest table, int port)
    {
        var flows = new List<(Role Role, string Comm, ulong Sent, ulong Received)>();
        table.Table.Fold();
        table.Table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == port)
            {
                flows.Add((flow.Key.Role, flow.Key.Comm, flow.Totals.SentBytes, flow.Totals.ReceivedBytes));
            }
        });
        return [.. flows.OrderBy(flow => flow.Role).ThenBy(flow => flow.Comm, StringComparer.Ordinal)];
    }

    /// <summary>A process with a name of its own: a shell by another name.</summary>
    private void DialFromAnotherProcess(Socket listener, string words)
    {
        var folder = Directory.CreateTempSubdirectory("caretta-comm-");
        try
        {
            var shell = Path.Combine(folder.FullName, Dialler);
            File.CreateSymbolicLink(shell, "/bin/bash");
            var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            var script = $"exec 3<>/dev/tcp/{hosts.Server.Ipv4}/{port}; printf '{words}' >&3; read -r -N 1 <&3; true";
            using var process = Process.Start("ip", ["netns", "exec", hosts.Client.Name, shell, "-c", script]);
            using var accepted = listener.Accept();
            var heard = new byte[words.Length];
            for (var read = 0; read < heard.Length;)
            {
                read += accepted.Receive(heard.AsSpan(read));
            }

            Assert.Equal(words, Encoding.ASCII.GetString(heard));
            accepted.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, accepted.Receive(new byte[1]));
            process.WaitForExit();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
