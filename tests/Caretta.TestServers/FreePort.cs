using System.Net;
using System.Net.Sockets;

namespace Caretta.TestServers;

internal static class FreePort
{
    /// <summary>Below the ports given to outgoing connections, so that it is still free after a restart.</summary>
    public static int At(string address)
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Parse(address), port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // the next one
            }
        }
    }
}
