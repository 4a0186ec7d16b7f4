using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>A packet may end a connection in an interrupt, while the CPU it interrupts is in the middle of counting another one.</summary>
public sealed class InterruptSpecs(ITestOutputHelper output)
{
    private const int Connections = 2_000;

    [PrivilegedFact]
    public async Task Connections_that_end_in_an_interrupt_of_anothers_beginning_are_counted()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "needs two processors");
        await HiddenChanges.Excluded(output, InterruptBeginnings);
    }

    private static void InterruptBeginnings()
    {
        // Two CPUs, one for the packets and one for the rest.
        const int packets = 1;
        using var hosts = new TwoHosts();
        hosts.Client.TakePacketsInInterruptsOf(packets);
        hosts.Server.TakePacketsInInterruptsOf(packets);
        using var table = new TableUnderTest();
        using var listener = hosts.Server.Listen(AddressFamily.InterNetwork);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var pin = Assert.Single(Directory.EnumerateFiles(table.PinFolder, "on_state", SearchOption.AllDirectories));
        using var dialler = new Beside(stop => DialInVain(packets, stop));
        var made = 0UL;
        // Fewer interrupts in the middle of a change prove nothing; how many connections they take is the machine's affair.
        while (made == 0 || (made < 20 * Connections && KernelObjects.TimesSkipped(pin) < 20))
        {
            for (var i = 0; i < Connections; i++, made++)
            {
                using var pair = new Pair(hosts, Family.Ipv4, listener: listener);
                pair.SendToServer(100);
                pair.CloseBoth();
            }
        }

        dialler.Stop();
        var skipped = KernelObjects.TimesSkipped(pin);
        var ends = table.Poll(port);
        Assert.True(skipped >= 20, $"{skipped} interrupts in the middle of a change are too few to prove anything.");
        Assert.Equal((100 * made, made, made), (ends.Client.SentBytes, ends.Client.Opened, ends.Client.Closed));
        Assert.Equal((100 * made, made, made), (ends.Server.ReceivedBytes, ends.Server.Opened, ends.Server.Closed));
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
