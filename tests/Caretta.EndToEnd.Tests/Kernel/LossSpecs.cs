using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Packets are lost, on the way or before they leave: payload is counted once, and what had to be sent again apart.</summary>
public sealed class LossSpecs(ITestOutputHelper output)
{
    private const int Rounds = 8;
    private const int RoundBytes = 100_000;

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public Task Packets_lost_on_the_way(Family family) => HiddenChanges.Excluded(output, () =>
    {
        using var hosts = new TwoHosts();
        hosts.Client.LosePackets(7);
        hosts.Server.LosePackets(7);
        AssertExactInBothDirections(hosts, family);
    });

    [PrivilegedTheory]
    [InlineData(Family.Ipv4)]
    [InlineData(Family.Ipv6)]
    public Task Packets_dropped_by_the_senders_own_queue(Family family) => HiddenChanges.Excluded(output, () =>
    {
        using var hosts = new TwoHosts();
        hosts.Client.ShortenQueue();
        hosts.Server.ShortenQueue();
        AssertExactInBothDirections(hosts, family);
    });

    private static void AssertExactInBothDirections(TwoHosts hosts, Family family)
    {
        using var table = new TableUnderTest();
        using var pair = new Pair(hosts, family);
        for (var i = 0; i < Rounds; i++)
        {
            pair.SendToServer(RoundBytes);
            AssertNotAboveTheTruth(table, pair);
            pair.SendToClient(RoundBytes);
            AssertNotAboveTheTruth(table, pair);
        }

        pair.Finish();
        var (client, server) = (TcpInfo.Of(pair.Client), TcpInfo.Of(pair.Server));

        var ends = table.Poll(pair.Port);
        Assert.Equal((pair.ToServer, pair.ToClient), (ends.Client.SentBytes, ends.Client.ReceivedBytes));
        Assert.Equal((pair.ToClient, pair.ToServer), (ends.Server.SentBytes, ends.Server.ReceivedBytes));
        Assert.Equal((1UL, 1UL), (ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((1UL, 1UL), (ends.Server.Opened, ends.Server.Closed));
        Assert.Equal(client.BytesRetransmitted, ends.Client.RetransmittedBytes);
        Assert.Equal(server.BytesRetransmitted, ends.Server.RetransmittedBytes);
        Assert.True(client.BytesRetransmitted > 0 && server.BytesRetransmitted > 0, $"Nothing was sent again: {client}, {server}");
        Assert.True(client.BytesSent > pair.ToServer && server.BytesSent > pair.ToClient, $"Nothing was sent twice: {client}, {server}");
    }

    /// <summary>While a connection is open, what is in flight may be missing; nothing may be counted before it was sent.</summary>
    private static void AssertNotAboveTheTruth(TableUnderTest table, Pair pair)
    {
        var ends = table.Poll(pair.Port);
        Assert.InRange(ends.Client.SentBytes, 0UL, pair.ToServer);
        Assert.InRange(ends.Server.ReceivedBytes, 0UL, pair.ToServer);
        Assert.InRange(ends.Server.SentBytes, 0UL, pair.ToClient);
        Assert.InRange(ends.Client.ReceivedBytes, 0UL, pair.ToClient);
    }
}
