using System.Net;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>One connection between the two hosts, and what went over it: each end counts what it read from the other.</summary>
internal sealed class Pair : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Pair(TwoHosts hosts, Family family, Action<Socket>? client = null, Socket? listener = null)
    {
        var own = listener is null;
        listener ??= hosts.Server.Listen(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Client = hosts.Client.NewSocket(family == Family.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        client?.Invoke(Client);
        Client.Connect(new IPEndPoint(Address(hosts, family), Port));
        Server = listener.Accept();
        if (own)
        {
            listener.Dispose();
        }
    }

    /// <summary>Of sockets that are connected already.</summary>
    public Pair(Socket client, Socket server, int port) => (Client, Server, Port) = (client, server, port);

    public int Port { get; }

    public Socket Client { get; }

    public Socket Server { get; }

    /// <summary>Read by the server's application.</summary>
    public ulong ToServer { get; private set; }

    /// <summary>Read by the client's application.</summary>
    public ulong ToClient { get; private set; }

    public static IPAddress Address(TwoHosts hosts, Family family) => family switch
    {
        Family.Ipv4 => hosts.Server.Ipv4,
        Family.Ipv6 => hosts.Server.Ipv6,
        _ => hosts.Server.Ipv4.MapToIPv6(),
    };

    public void SendToServer(int count) => ToServer += Move(Client, Server, count);

    public void SendToClient(int count) => ToClient += Move(Server, Client, count);

    /// <summary>
    /// Both ends say that they are done, client first, and see it of the other. Then the server's kernel has still to hear that its last word arrived: no
    /// application is told, and a busy machine takes its time.
    /// </summary>
    public void Finish()
    {
        Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, Server.Receive(_buffer));
        Server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, Client.Receive(_buffer));
        if (Server.ProtocolType == ProtocolType.Tcp) // and not one that has such connections below it
        {
            Eventually.TrueSoon(() => TcpInfo.Of(Client).IsClosed && TcpInfo.Of(Server).IsClosed, () => $"closed: {TcpInfo.Of(Client)}, {TcpInfo.Of(Server)}");
        }
    }

    public void CloseBoth()
    {
        Finish();
        Dispose();
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private ulong Move(Socket from, Socket to, int count)
    {
        var sent = 0;
        for (var read = 0; read < count;)
        {
            if (sent < count)
            {
                // Little enough that a send never waits for what this thread has yet to read.
                sent += from.Send(_buffer, Math.Min(_buffer.Length / 8, count - sent), SocketFlags.None);
            }

            read += to.Receive(_buffer, Math.Min(_buffer.Length, sent - read), SocketFlags.None);
        }

        return (ulong)count;
    }
}
