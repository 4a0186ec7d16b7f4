using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Network;

/// <summary>The specs' own network does what it is told to, or a fault would be none.</summary>
public sealed class SwitchSpecs
{
    private const int Bytes = 400_000;

    [PrivilegedFact]
    public void Joins_sites_so_that_bytes_arrive_whole()
    {
        using var network = new Switch(1);
        var (one, other) = (network.Add("one", 1), network.Add("two", 2));

        Assert.Equal(Bytes, Move(one, other));
    }

    [PrivilegedFact]
    public void Loses_doubles_and_delays_frames_and_tcp_mends_it()
    {
        using var network = new Switch(2);
        var (one, other) = (network.Add("one", 1), network.Add("two", 2));
        network.Set("one", "two", path => path with { LostPercent = 2, DoubledPercent = 2, Delay = TimeSpan.FromMilliseconds(5) });

        Assert.Equal(Bytes, Move(one, other));
        Assert.True(network.Counts("one", "two") is { Lost: > 0, Doubled: > 0, Delayed: > 0, Cut: 0 });
    }

    [PrivilegedFact]
    public void Cuts_one_path_and_no_other()
    {
        using var network = new Switch(3);
        var (one, two, three) = (network.Add("one", 1), network.Add("two", 2), network.Add("three", 3));
        network.Set("one", "two", path => path with { Cut = true });

        Assert.Equal(SocketError.HostUnreachable, Dial(one, two)); // nobody says where it is
        Assert.True(network.Counts("one", "two").Cut > 0);
        Assert.Equal(Bytes, Move(one, three));
        Assert.Equal(Bytes, Move(two, three));
        Assert.Equal(SocketError.ConnectionRefused, Dial(one, three)); // it is there, and nobody listens
    }

    private static SocketError Dial(TestHost from, TestHost to)
    {
        using var socket = from.NewSocket(AddressFamily.InterNetwork);
        return Assert.Throws<SocketException>(() => socket.Connect(new IPEndPoint(to.Ipv4, 9))).SocketErrorCode;
    }

    /// <returns>How many bytes the server read to the end.</returns>
    private static int Move(TestHost from, TestHost to)
    {
        using var listener = to.Listen(AddressFamily.InterNetwork);
        using var client = from.NewSocket(AddressFamily.InterNetwork);
        client.Connect(new IPEndPoint(to.Ipv4, ((IPEndPoint)listener.LocalEndPoint!).Port));
        using var server = listener.Accept();
        var sending = Task.Run(() =>
        {
            client.Send(new byte[Bytes]);
            client.Shutdown(SocketShutdown.Send);
        });
        var (buffer, read) = (new byte[65_536], 0);
        for (var count = server.Receive(buffer); count > 0; count = server.Receive(buffer))
        {
            read += count;
        }

        sending.Wait();
        return read;
    }
}
