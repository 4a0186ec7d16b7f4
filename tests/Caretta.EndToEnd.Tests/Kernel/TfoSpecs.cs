using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>TCP Fast Open: data in the SYN is counted once, whether the server takes it or has it sent again.</summary>
public sealed class TfoSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int Tcp = 6;
    private const int FastOpen = 23; // TCP_FASTOPEN, of a listener: how many may wait
    private const int FastOpenConnect = 30; // TCP_FASTOPEN_CONNECT: connect() waits for the first data
    private const int SendFastOpen = 0x20000000; // MSG_FASTOPEN
    private const int InSyn = 700;

    [PrivilegedTheory]
    [InlineData(Family.Ipv4, false)]
    [InlineData(Family.Ipv6, false)]
    [InlineData(Family.Ipv4, true)]
    [InlineData(Family.Ipv6, true)]
    public void Data_in_the_syn(Family family, bool byConnect)
    {
        using var table = new TableUnderTest();
        using var pair = Open(family, byConnect, taken: true);
        Assert.True(TcpInfo.Of(pair.Client).DataInSyn);
        pair.SendToServer(40_000);
        pair.SendToClient(50_000);
        pair.CloseBoth();
        AssertExact(table, pair, InSyn + 40_000, 50_000);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void Data_in_a_syn_that_the_server_does_not_take_is_sent_again(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = Open(family, byConnect: false, taken: false);
        Assert.False(TcpInfo.Of(pair.Client).DataInSyn);
        pair.SendToClient(1000);
        pair.CloseBoth();
        AssertExact(table, pair, InSyn, 1000);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public void Nothing_but_data_in_the_syn(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = Open(family, byConnect: false, taken: true);
        Assert.True(TcpInfo.Of(pair.Client).DataInSyn);
        pair.CloseBoth();
        AssertExact(table, pair, InSyn, 0);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public async Task An_abort_after_everything_was_acknowledged(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = Open(family, byConnect: false, taken: true);
        pair.SendToClient(900);
        // What dials has its SYN among the acknowledged.
        await Eventually.True(
            () => Task.FromResult((TcpInfo.Of(pair.Client).BytesAcked, TcpInfo.Of(pair.Server).BytesAcked) == (InSyn + 1UL, 900UL)),
            () => $"everything acknowledged: {TcpInfo.Of(pair.Client)}, {TcpInfo.Of(pair.Server)}");
        pair.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        pair.Client.Dispose();
        Assert.Throws<SocketException>(() => pair.Server.Receive(new byte[1]));
        pair.Dispose();
        AssertExact(table, pair, InSyn, 900);
    }

    private static void AssertExact(TableUnderTest table, Pair pair, ulong toServer, ulong toClient)
    {
        var ends = table.Poll(pair.Port);
        Assert.Equal((toServer, toClient), (ends.Client.SentBytes, ends.Client.ReceivedBytes));
        Assert.Equal((toClient, toServer), (ends.Server.SentBytes, ends.Server.ReceivedBytes));
        Assert.Equal((1UL, 1UL), (ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((1UL, 1UL), (ends.Server.Opened, ends.Server.Closed));
        Assert.Equal((0UL, 0UL), (ends.Client.Failed, ends.Server.Failed));
    }

    /// <summary>A connection that begins with data, which the server's application has read.</summary>
    private Pair Open(Family family, bool byConnect, bool taken)
    {
        hosts.Client.AllowFastOpen();
        hosts.Server.AllowFastOpen();
        var addresses = family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        using var listener = hosts.Server.Listen(addresses);
        Set(listener, FastOpen, taken ? 16 : 0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var address = new IPEndPoint(Pair.Address(hosts, family), port).Serialize();
        var client = hosts.Client.NewSocket(addresses);
        if (byConnect)
        {
            Set(client, FastOpenConnect, 1);
            Assert.Equal(0, Native.Connect(client.SafeHandle, address.Buffer.Span[..address.Size], address.Size));
            Assert.Equal(InSyn, Native.SendTo(client.SafeHandle, new byte[InSyn], InSyn, 0, [], 0));
        }
        else
        {
            var to = address.Buffer.Span[..address.Size];
            Assert.Equal(InSyn, Native.SendTo(client.SafeHandle, new byte[InSyn], InSyn, SendFastOpen, to, to.Length));
        }

        var server = listener.Accept();
        for (var read = 0; read < InSyn;)
        {
            read += server.Receive(new byte[InSyn], InSyn - read, SocketFlags.None);
        }

        return new Pair(client, server, port);
    }

    private static void Set(Socket socket, int option, int value) =>
        Assert.Equal(0, Native.SetOption(socket.SafeHandle, Tcp, option, in value, sizeof(int)));
}
