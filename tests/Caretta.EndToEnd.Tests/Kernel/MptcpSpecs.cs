using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A Multipath TCP connection with one subflow is counted as the TCP connection that the subflow is.</summary>
public sealed class MptcpSpecs(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private const int Protocol = 262; // IPPROTO_MPTCP
    private const int Level = 284; // SOL_MPTCP
    private const int Info = 1; // MPTCP_INFO
    private const int FlagsOffset = 8; // struct mptcp_info: flags
    private const uint FellBack = 1; // to plain TCP

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public async Task Both_ends_close(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = Connect(family);
        pair.SendToServer(300_000);
        pair.SendToClient(200_000);
        pair.CloseBoth();
        await AssertExactOnceClosed(table, pair);
    }

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public async Task The_client_aborts_after_everything_was_acknowledged(Family family)
    {
        using var table = new TableUnderTest();
        using var pair = Connect(family);
        pair.SendToServer(5000);
        pair.SendToClient(3000);
        // What dials has its SYN among the acknowledged.
        await Eventually.True(
            () => Task.FromResult((TcpInfo.Of(pair.Client).BytesAcked, TcpInfo.Of(pair.Server).BytesAcked) == (5001UL, 3000UL)),
            () => $"everything acknowledged: {TcpInfo.Of(pair.Client)}, {TcpInfo.Of(pair.Server)}");
        pair.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        pair.Client.Dispose();
        Assert.Throws<SocketException>(() => pair.Server.Receive(new byte[1]));
        pair.Dispose();
        await AssertExactOnceClosed(table, pair);
    }

    [PrivilegedFact]
    public void While_it_is_open_its_bytes_show()
    {
        using var table = new TableUnderTest();
        using var pair = Connect(Family.Ipv4);
        pair.SendToServer(1000);
        pair.SendToClient(1000); // carries the acknowledgement of what came before
        var ends = table.Poll(pair.Port);
        Assert.Equal((1UL, 1000UL), (ends.Client.Opened, ends.Client.SentBytes));
        Assert.Equal(1UL, ends.Server.Opened);
    }

    private Pair Connect(Family family)
    {
        var addresses = family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var client = hosts.Client.NewSocket(addresses, Protocol);
        Assert.SkipWhen(client is null, "This kernel has no Multipath TCP (CONFIG_MPTCP).");
        using var listener = TestHost.Listen(hosts.Server.NewSocket(addresses, Protocol)!, addresses);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        client.Connect(new IPEndPoint(Pair.Address(hosts, family), port));
        var server = listener.Accept();
        AssertMultipath(client);
        AssertMultipath(server);
        return new Pair(client, server, port);
    }

    private static void AssertMultipath(Socket socket)
    {
        Span<byte> info = stackalloc byte[64];
        info.Clear();
        var length = info.Length;
        Assert.Equal(0, Native.GetOption(socket.SafeHandle, Level, Info, info, ref length));
        Assert.Equal(0U, BinaryPrimitives.ReadUInt32LittleEndian(info[FlagsOffset..]) & FellBack);
    }

    /// <summary>The kernel closes subflows in its own time, after the socket.</summary>
    private static async Task AssertExactOnceClosed(TableUnderTest table, Pair pair)
    {
        var ends = table.Poll(pair.Port);
        await Eventually.True(
            () => Task.FromResult(((ends = table.Poll(pair.Port)).Client.Closed, ends.Server.Closed) == (1UL, 1UL)),
            () => $"both closed: {ends.Client}, {ends.Server}");
        Assert.Equal((pair.ToServer, pair.ToClient, 1UL), (ends.Client.SentBytes, ends.Client.ReceivedBytes, ends.Client.Opened));
        Assert.Equal((pair.ToClient, pair.ToServer, 1UL), (ends.Server.SentBytes, ends.Server.ReceivedBytes, ends.Server.Opened));
    }
}
