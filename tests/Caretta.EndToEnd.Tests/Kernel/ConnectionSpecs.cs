using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

public sealed class ConnectionSpecs
{
    [PrivilegedFact]
    public void A_short_connection_is_counted_at_both_ends()
    {
        using var table = new TableUnderTest();
        var port = Ports.Next();
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using (var client = new TcpClient())
        {
            client.Connect(IPAddress.Loopback, port);
            using var server = listener.AcceptTcpClient();
            client.GetStream().Write(new byte[1000]);
            server.GetStream().ReadExactly(new byte[1000]);
            server.GetStream().Write(new byte[500]);
            client.GetStream().ReadExactly(new byte[500]);
            new Pair(client.Client, server.Client, port).Finish();
        }

        var ends = table.Poll(port);
        Assert.Equal((1000UL, 500UL, 1UL, 1UL), (ends.Client.SentBytes, ends.Client.ReceivedBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((500UL, 1000UL, 1UL, 1UL), (ends.Server.SentBytes, ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
    }
}
