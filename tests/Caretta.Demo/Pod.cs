using System.Net;
using System.Net.Sockets;

namespace Caretta.Demo;

/// <summary>Something with addresses and a network namespace of its own. Its sockets belong to it wherever they are used.</summary>
internal sealed class Pod(string name, NetworkNamespace network, IReadOnlyList<IPAddress> addresses)
{
    public string Name => name;

    public IPAddress Address => addresses[0];

    public Socket Listen(IPAddress address, int port)
    {
        var socket = NewSocket();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return socket;
    }

    /// <param name="from">One of its addresses.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public async Task<Socket> ConnectAsync(IPAddress from, IPEndPoint to, CancellationToken cancellation)
    {
        var socket = NewSocket();
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(to, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket NewSocket() => network.Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
}
