using System.Net;
using System.Net.Sockets;

namespace Caretta.KernelGuest;

/// <summary>A connection over loopback, both ends in this process, and what their applications read.</summary>
internal sealed class Talk : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Talk(TcpListener listener, bool reset = false)
    {
        var at = (IPEndPoint)listener.LocalEndpoint;
        Client = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (reset)
        {
            Client.LingerState = new LingerOption(true, 0);
        }

        Client.Connect(at.Address, at.Port);
        Server = listener.AcceptSocket();
    }

    public Socket Client { get; }

    public Socket Server { get; }

    public ulong ToServer { get; private set; }

    public ulong ToClient { get; private set; }

    public static TcpListener Listen(bool v6 = false)
    {
        var listener = new TcpListener(v6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);
        listener.Start(512);
        return listener;
    }

    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void SendToServer(int count) => ToServer += Move(Client, Server, count);

    public void SendToClient(int count) => ToClient += Move(Server, Client, count);

    /// <summary>The client closes first, and both see it.</summary>
    public void Finish()
    {
        Client.Shutdown(SocketShutdown.Send);
        Read(Server);
        Server.Shutdown(SocketShutdown.Send);
        Read(Client);
        Dispose();
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private void Read(Socket socket)
    {
        if (socket.Receive(_buffer) != 0)
        {
            throw new InvalidDataException("Bytes after the end.");
        }
    }

    private ulong Move(Socket from, Socket to, int count)
    {
        var sent = 0;
        for (var read = 0; read < count;)
        {
            if (sent < count)
            {
                sent += from.Send(_buffer, Math.Min(_buffer.Length / 2, count - sent), SocketFlags.None);
            }

            read += to.Receive(_buffer, Math.Min(_buffer.Length, sent - read), SocketFlags.None);
        }

        return (ulong)count;
    }
}
