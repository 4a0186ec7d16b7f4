using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Programs;

/// <summary>
/// Applications that know what they sent: short connections one after the other beside one that stays open, on one server port, over the
/// loopback interface or from one site to another.
/// </summary>
internal sealed class Traffic : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<Socket> _newClient;
    private readonly EndPoint _server;
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _longClient;
    private Socket? _longServer;
    private long _clientSent;
    private long _serverSent;
    private int _opened;
    private int _closed;

    public Traffic(int seed)
        : this(seed, NewSocket, NewSocket(), IPAddress.IPv6Loopback)
    {
    }

    public Traffic(int seed, TestHost client, TestHost server)
        : this(seed, () => client.NewSocket(AddressFamily.InterNetworkV6), server.NewSocket(AddressFamily.InterNetworkV6), server.Ipv6)
    {
    }

    private Traffic(int seed, Func<Socket> newClient, Socket listener, IPAddress server)
    {
        (_random, _newClient, _listener, _server) = (new Random(seed), newClient, listener, new IPEndPoint(server, Ports.Next()));
        _listener.Bind(_server);
        _listener.Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public Ends Truth => new(_clientSent, _serverSent, _serverSent, _clientSent, _opened, _closed);

    /// <summary>Opens a connection, exchanges random amounts both ways, closes it.</summary>
    public void ShortConnection()
    {
        var (client, server) = Connect();
        Exchange(client, server);
        Close(client, server);
    }

    /// <summary>Exchanges random amounts on the connection that stays open; opens it first if need be.</summary>
    public void LongConnection()
    {
        if (_longClient is null)
        {
            (_longClient, _longServer) = Connect();
        }

        Exchange(_longClient, _longServer!);
    }

    public void CloseLongConnection()
    {
        if (_longClient is not null)
        {
            Close(_longClient, _longServer!);
            _longClient = _longServer = null;
        }
    }

    /// <summary>Both kinds in turn until told to stop, with short pauses, so that faults fall between and into connections.</summary>
    public async Task Until(CancellationToken stop, TimeSpan? pause = null)
    {
        using var timer = new PeriodicTimer(pause ?? TimeSpan.FromMilliseconds(2));
        while (!stop.IsCancellationRequested)
        {
            ShortConnection();
            LongConnection();
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _longClient?.Dispose();
        _longServer?.Dispose();
        _listener.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, DualMode = true };

    private (Socket Client, Socket Server) Connect()
    {
        var client = _newClient();
        client.Connect(_server);
        _opened++;
        return (client, _listener.Accept());
    }

    private void Exchange(Socket client, Socket server)
    {
        _clientSent += Send(client, server, _random.Next(1, 20_000));
        _serverSent += Send(server, client, _random.Next(1, 20_000));
    }

    private int Send(Socket from, Socket to, int count)
    {
        var sent = from.Send(_buffer, count, SocketFlags.None);
        for (var read = 0; read < sent;)
        {
            read += to.Receive(_buffer, sent - read, SocketFlags.None);
        }

        return sent;
    }

    private void Close(Socket client, Socket server)
    {
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, server.Receive(_buffer));
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, client.Receive(_buffer));
        client.Dispose();
        server.Dispose();
        _closed++;
    }
}
