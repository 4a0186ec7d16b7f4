using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A packet may end a connection in an interrupt, while the CPU it interrupts is in the middle of counting another one.</summary>
public sealed class InterruptSpecs
{
    private const int Connections = 2_000;

    [PrivilegedFact]
    public void Connections_that_end_in_an_interrupt_of_anothers_beginning_are_counted()
    {
        // Two CPUs, one for the packets and one for the rest.
        const int packets = 1;
        using var hosts = new TwoHosts();
        hosts.Client.TakePacketsInInterruptsOf(packets);
        hosts.Server.TakePacketsInInterruptsOf(packets);
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var stop = new CancellationTokenSource();
        var dialler = new Thread(() => DialInVain(packets, stop.Token));
        dialler.Start();
        for (var i = 0; i < Connections; i++)
        {
            using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
            pair.SendToServer(100);
            pair.CloseBoth();
        }

        stop.Cancel();
        dialler.Join();
        var pin = Assert.Single(Directory.EnumerateFiles(table.PinFolder, "on_state", SearchOption.AllDirectories));
        var skipped = KernelObjects.TimesSkipped(pin);
        var ends = table.Poll(port);
        var lost = (2 * Connections) - (long)(ends.Client.Closed + ends.Server.Closed);
        Assert.True(skipped >= 20, $"{skipped} interrupts in the middle of a change are too few to prove anything.");

        // Without the second program each of these would be lost. That a few may be is the host's doing: some sandboxes' kernels run no
        // program at all while their supervisor is the current process, and one interrupt in a thousand meets it.
        Assert.InRange(lost, 0, skipped / 10);
        Assert.Equal((ends.Client.Closed * 100, ends.Client.Closed), (ends.Client.SentBytes, ends.Client.Opened));
        Assert.Equal((ends.Server.Closed * 100, ends.Server.Closed), (ends.Server.ReceivedBytes, ends.Server.Opened));
    }

    /// <summary>
    /// Begins connections as fast as can be; nobody answers. It has the CPU nearly to itself, so that what the packets interrupt is this.
    /// </summary>
    private static void DialInVain(int cpu, CancellationToken stop)
    {
        Assert.Equal(0, Native.SetCpus(0, sizeof(ulong), 1UL << cpu));
        Assert.Equal(0, Native.SetScheduler(0, policy: 1, priority: 1));
        var nobody = new IPEndPoint(IPAddress.Loopback, 1).Serialize();
        while (!stop.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.Equal(-1, Native.Connect(socket.SafeHandle, nobody.Buffer.Span[..nobody.Size], nobody.Size));
        }
    }
}
