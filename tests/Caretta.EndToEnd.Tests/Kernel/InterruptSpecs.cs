using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A packet may end a connection in an interrupt, while the CPU it interrupts is in the middle of counting another one.</summary>
public sealed class InterruptSpecs
{
    private const int Connections = 10_000;

    // Explicit, for it is red: of 10 000 connections one program missed 246, two miss between 8 and 66, and a third does not help.
    // What those few meet is not understood.
    [PrivilegedFact(Explicit = true)]
    public void Connections_that_end_in_an_interrupt_of_anothers_beginning_are_counted()
    {
        using var hosts = new TwoHosts();
        hosts.Client.TakePacketsInInterrupts();
        hosts.Server.TakePacketsInInterrupts();
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var stop = new CancellationTokenSource();
        var diallers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => DialInVain(stop.Token))).ToList();
        diallers.ForEach(dialler => dialler.Start());
        var sent = 0UL;
        for (var i = 0; i < Connections; i++)
        {
            using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
            pair.SendToServer(100);
            pair.CloseBoth();
            sent += pair.ToServer;
        }

        stop.Cancel();
        diallers.ForEach(dialler => dialler.Join());
        var ends = table.Poll(port);
        Assert.Equal((sent, (ulong)Connections, (ulong)Connections), (ends.Client.SentBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((sent, (ulong)Connections, (ulong)Connections), (ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
    }

    /// <summary>Begins connections as fast as can be; nobody answers.</summary>
    private static void DialInVain(CancellationToken stop)
    {
        var nobody = new IPEndPoint(IPAddress.Loopback, 1).Serialize();
        while (!stop.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.Equal(-1, Native.Connect(socket.SafeHandle, nobody.Buffer.Span[..nobody.Size], nobody.Size));
        }
    }
}
