using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Connections that are older than the programs: taken on with the right role, and counted whole when nobody counted before.</summary>
public sealed class OlderSocketSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    [InlineData(Family.Mapped)]
    public void An_accepted_one(Family family)
    {
        using var pair = new Pair(hosts, family);
        pair.SendToServer(1111);
        pair.SendToClient(2222);
        using var table = new TableUnderTest();
        Assert.True(table.Table.Enrol() >= 2);
        pair.SendToServer(10);
        pair.CloseBoth();
        AssertExact(table, pair);
    }

    [PrivilegedFact]
    public void One_whose_listener_has_closed_since()
    {
        var listener = hosts.Server.Listen(AddressFamily.InterNetwork, backlog: 0);
        using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
        listener.Dispose();
        pair.SendToServer(300);
        using var table = new TableUnderTest();
        table.Table.Enrol();
        pair.SendToClient(400);
        pair.CloseBoth();
        AssertExact(table, pair);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void One_that_is_not_accepted_yet_is_found_once_it_is(Family family)
    {
        using var listener = hosts.Server.Listen(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var client = hosts.Client.NewSocket(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        client.Connect(new IPEndPoint(Pair.Address(hosts, family), port));
        client.Send(new byte[500]);
        using var table = new TableUnderTest();
        table.Table.Enrol();
        Assert.Equal(0UL, table.Poll(port).Server.Opened);

        using var server = listener.Accept();
        Read(server, 500);
        table.Table.Enrol();
        Assert.Equal(1UL, table.Poll(port).Server.Opened);
        new Pair(client, server, port).CloseBoth();
        Assert.Equal((500UL, 1UL), Of(table.Poll(port).Server.ReceivedBytes, table.Read(port).Server.Closed));
    }

    [PrivilegedTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_inherited_its_listeners_account_while_nobody_saw_it_begin(bool folded)
    {
        using var table = new TableUnderTest(options => options with { ByProcess = true });
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork); // seen, so its children inherit
        foreach (var pin in Directory.EnumerateFiles(table.PinFolder, "on_state*", SearchOption.AllDirectories).ToList())
        {
            File.Delete(pin);
        }

        using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
        table.Reopen();
        pair.SendToServer(500);
        pair.SendToClient(600);
        if (folded)
        {
            table.Poll(pair.Port);
        }

        pair.CloseBoth();
        AssertExact(table, pair);
    }

    [PrivilegedFact]
    public void One_that_nobody_found_is_counted_whole_when_it_closes()
    {
        using var pair = new Pair(hosts, Family.Ipv6);
        pair.SendToServer(1000);
        pair.SendToClient(3000);
        using var table = new TableUnderTest();
        pair.CloseBoth();
        AssertExact(table, pair);
    }

    [PrivilegedFact]
    public void One_met_late_in_a_boot_that_was_counted_before_starts_from_a_baseline_that_is_told()
    {
        using var pair = new Pair(hosts, Family.Ipv4);
        pair.SendToServer(1000);
        pair.SendToClient(3000);
        using var table = new TableUnderTest(options => options with { FreshBoot = false });
        var before = table.Table.ReadCounters();
        table.Table.Enrol();
        pair.SendToServer(70);
        pair.CloseBoth();

        var ends = table.Poll(pair.Port);
        Assert.Equal((70UL, 0UL, 70UL), (ends.Client.SentBytes, ends.Client.ReceivedBytes, ends.Client.PastSentBytes));
        Assert.Equal((0UL, 70UL, 70UL), (ends.Server.SentBytes, ends.Server.ReceivedBytes, ends.Server.PastReceivedBytes));
        Assert.Equal((0UL, 1UL, 0UL, 1UL), (ends.Client.Opened, ends.Client.Closed, ends.Server.Opened, ends.Server.Closed)); // its beginning may be counted already
        var unobserved = table.Table.ReadCounters();
        Assert.True(unobserved.UnobservedSockets - before.UnobservedSockets >= 2);
        Assert.True(unobserved.UnobservedBytes - before.UnobservedBytes >= 8000);
    }

    private static (ulong, ulong) Of(ulong a, ulong b) => (a, b);

    private static void Read(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var read = 0; read < count;)
        {
            read += socket.Receive(buffer, count - read, SocketFlags.None);
        }
    }

    private static void AssertExact(TableUnderTest table, Pair pair)
    {
        var ends = table.Poll(pair.Port);
        Assert.Equal((pair.ToServer, pair.ToClient, 1UL, 1UL), (ends.Client.SentBytes, ends.Client.ReceivedBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((pair.ToClient, pair.ToServer, 1UL, 1UL), (ends.Server.SentBytes, ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
    }
}
