using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Caretta.TestServers;

/// <summary>Ports for programs that are told where to listen.</summary>
public static class FreePort
{
    private static readonly ConcurrentBag<Socket> Held = [];

    /// <summary>
    /// Nobody else's until this process ends. It stays bound here and never listens: the kernel gives it to no other listener and to no outgoing connection,
    /// whoever dials it is refused, and the program it is for may listen there, and again after a restart.
    /// </summary>
    public static int At(string address)
    {
        var at = IPAddress.Parse(address);
        var held = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        held.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        held.Bind(new IPEndPoint(at, 0));
        Held.Add(held);
        return ((IPEndPoint)held.LocalEndPoint!).Port;
    }
}
