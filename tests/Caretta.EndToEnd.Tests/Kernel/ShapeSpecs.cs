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
        pair.CloseBoth();
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
        pair.SendToServer(6000);
        // What dials has its SYN among the acknowledged.
        Eventually.TrueSoon(
            () => (TcpInfo.Of(pair.Client).BytesAcked, TcpInfo.Of(pair.Server).BytesAcked) == (6001UL, 5000UL),
            () => $"everything acknowledged: {TcpInfo.Of(pair.Client)}, {TcpInfo.Of(pair.Server)}");
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
        Eventually.TrueSoon(() => TcpInfo.Of(pair.Client).BytesAcked == 3001, () => $"all acknowledged: {TcpInfo.Of(pair.Client)}");
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
        var port = Ports.Next();
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
        var (seen, growing) = (0UL, 0);
        using var done = new ManualResetEventSlim();
        using var sending = new Beside(stop =>
        {
            // However fast that is, some polls see it grow.
            for (var sent = 0; !stop.IsCancellationRequested && (sent < 1024 || Volatile.Read(ref growing) < 3); sent++)
            {
                pair.SendToServer(Megabyte);
            }

            done.Set();
        });
        while (sending.GoesOn)
        {
            done.Wait(50);
            var sent = table.Poll(pair.Port).Client.SentBytes;
            Assert.True(sent >= seen, $"{seen} → {sent}");
            Volatile.Write(ref growing, growing + (sent > seen ? 1 : 0));
            seen = sent;
        }

        sending.Join();
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

        new Pair(first.Client, again, port).CloseBoth();
        Eventually.TrueSoon(() => TcpInfo.Of(first.Server).IsClosed, () => $"closed by the disconnection: {TcpInfo.Of(first.Server)}");
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

    /// <summary>While open, the last received byte is held back for a moment, and what was sent until it is acknowledged: a poll after shows it.</summary>
    private static void AssertExactWhenRested(TableUnderTest table, Pair pair)
    {
        var ends = table.Poll(pair.Port);
        var truth = (pair.ToServer, pair.ToClient, pair.ToClient, pair.ToServer);
        Eventually.TrueSoon(
            () => truth == ((ends = table.Poll(pair.Port)).Client.SentBytes, ends.Client.ReceivedBytes, ends.Server.SentBytes, ends.Server.ReceivedBytes),
            () => $"{truth}; counted {ends}");
    }
}
