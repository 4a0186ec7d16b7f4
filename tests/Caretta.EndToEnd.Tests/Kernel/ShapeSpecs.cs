using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Every shape a connection can take between two hosts, in both roles: the flows hold what the applications read.</summary>
public sealed class ShapeSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    [InlineData(Family.Mapped)]
    public void A_short_connection(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToServer(12_345);
        pair.SendToClient(54_321);
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
        table.Table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == pair.Port)
            {
                var remote = Pair.Address(hosts, family);
                Assert.Equal(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote, flow.Key.Role == Role.Client ? flow.Key.RemoteAddress : flow.Key.LocalAddress);
            }
        });
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_connection_that_only_sends(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToServer(1_000_000);
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_connection_that_only_receives(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToClient(1_000_000);
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_connection_without_a_byte(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_connection_half_closed_by_its_client_while_the_server_goes_on(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToServer(1000);
        pair.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, pair.Server.Receive(new byte[1]));
        pair.SendToClient(200_000);
        AssertExactWhenRested(table, pair);
        pair.SendToClient(100_000);
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, pair.Client.Receive(new byte[1]));
        pair.Dispose();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_long_connection_that_rests_shows_its_bytes_and_its_state_while_it_is_open(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToServer(777);
        pair.SendToClient(333);
        AssertExactWhenRested(table, pair);
        var states = new Dictionary<Role, LinkLevels>();
        table.Table.Read((in FlowRecord flow) =>
        {
            if (flow.Key.ServerPort == pair.Port)
            {
                Assert.True(flow.Live);
                states[flow.Key.Role] = flow.Levels;
            }
        });
        Assert.Equal(1U, states[Role.Client][TcpState.Established]);
        Assert.Equal(1U, states[Role.Server][TcpState.Established]);
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void An_abort_by_the_client_after_everything_was_acknowledged(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.SendToClient(5000);
        pair.SendToServer(5000); // carries the acknowledgement of what came before
        pair.Client.LingerState = new LingerOption(true, 0);
        pair.Client.Dispose();
        Assert.Throws<SocketException>(() => pair.Server.Receive(new byte[1]));
        pair.Dispose();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_close_with_data_unread_counts_what_the_kernel_had_acknowledged(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        pair.Client.Send(new byte[3000]);
        Assert.True(pair.Server.Poll(-1, SelectMode.SelectRead));
        var truth = TcpInfo.Of(pair.Server).BytesReceived;
        pair.Server.Dispose(); // unread: the kernel answers with a reset
        Assert.Throws<SocketException>(() => pair.Client.Receive(new byte[1]));
        pair.Client.Dispose();

        var ends = table.Poll(pair.Port);
        Assert.InRange(truth, 1UL, 3000UL);
        Assert.Equal(truth, ends.Server.ReceivedBytes);
        Assert.InRange(ends.Client.SentBytes, truth, 3000UL);
        Assert.Equal((1UL, 1UL), (ends.Client.Closed, ends.Server.Closed));
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void A_refused_connection_is_a_failure_without_bytes(Family family)
    {
        using var table = new TableUnderTest();
        int port;
        using (var listener = hosts.Server.Listen(AddressFamily.InterNetworkV6))
        {
            port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        }

        using var client = hosts.Client.NewSocket(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        Assert.Throws<SocketException>(() => client.Connect(new IPEndPoint(Pair.Address(hosts, family), port)));
        var ends = table.Poll(port);
        Assert.Equal(new LinkTotals { Failed = 1 }, ends.Client);
        Assert.Equal(default, ends.Server);
    }

    [PrivilegedFact]
    public void A_gigabyte_while_polls_run_every_50_ms()
    {
        const int Megabyte = 1 << 20;
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, Family.Ipv4);
        using var done = new ManualResetEventSlim();
        var sending = new Thread(() =>
        {
            for (var i = 0; i < 1024; i++)
            {
                pair.SendToServer(Megabyte);
            }

            done.Set();
        });
        sending.Start();
        var seen = 0UL;
        var growing = 0;
        while (!done.Wait(50))
        {
            var sent = table.Poll(pair.Port).Client.SentBytes;
            Assert.True(sent >= seen, $"{seen} → {sent}");
            growing += sent > seen ? 1 : 0;
            seen = sent;
        }

        Assert.True(growing >= 3, $"The live total grew in {growing} polls only.");
        pair.CloseBoth();
        AssertExact(table, pair, closed: 1);
    }

    [PrivilegedFact]
    public void A_socket_that_connects_again_after_disconnecting_is_a_new_connection()
    {
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var first = new Pair(hosts, Family.Ipv4, listener: listener);
        first.SendToServer(4000);
        table.Table.Fold();
        Assert.Equal(0, Native.Connect(first.Client.SafeHandle, new byte[16], 16)); // AF_UNSPEC: disconnect
        var address = new IPEndPoint(hosts.Server.Ipv4, port).Serialize();
        Assert.Equal(0, Native.Connect(first.Client.SafeHandle, address.Buffer.Span[..address.Size], address.Size));
        using var again = listener.Accept();
        Assert.Equal(2500, first.Client.Send(new byte[2500]));
        for (var read = 0; read < 2500;)
        {
            read += again.Receive(new byte[2500]);
        }

        first.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, again.Receive(new byte[1]));
        again.Dispose();
        first.Dispose();
        var ends = table.Poll(port);
        Assert.Equal((6500UL, 2UL, 2UL), (ends.Client.SentBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((6500UL, 2UL, 2UL), (ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
    }

    private static void AssertExact(TableUnderTest table, Pair pair, ulong closed)
    {
        var ends = table.Poll(pair.Port);
        Assert.Equal((pair.ToServer, pair.ToClient, 1UL, closed), (ends.Client.SentBytes, ends.Client.ReceivedBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((pair.ToClient, pair.ToServer, 1UL, closed), (ends.Server.SentBytes, ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
        Assert.Equal((pair.ToServer, pair.ToClient), (ends.Client.PastSentBytes, ends.Client.PastReceivedBytes));
    }

    /// <summary>While open, the last received byte may be held back for a moment: the poll after shows it.</summary>
    private static void AssertExactWhenRested(TableUnderTest table, Pair pair)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        Ends ends;
        do
        {
            ends = table.Poll(pair.Port);
        }
        while ((ends.Client.ReceivedBytes, ends.Server.ReceivedBytes) != (pair.ToClient, pair.ToServer) && DateTime.UtcNow < deadline);
        AssertExact(pair, ends);
    }

    private static void AssertExact(Pair pair, Ends ends)
    {
        Assert.Equal((pair.ToServer, pair.ToClient), (ends.Client.SentBytes, ends.Client.ReceivedBytes));
        Assert.Equal((pair.ToClient, pair.ToServer), (ends.Server.SentBytes, ends.Server.ReceivedBytes));
    }
}
