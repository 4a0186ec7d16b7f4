using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Thousands of short connections while folds run in a tight loop on the other CPU: every count is made once.</summary>
public sealed class ChurnSpecs(ITestOutputHelper output)
{
    private const int Connections = 40_000;

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Connections_that_close_while_folds_run_are_counted_exactly(bool reset) => HiddenChanges.Excluded(output, () => ChurnAndFold(reset));

    private static void ChurnAndFold(bool reset)
    {
        using var table = new TableUnderTest();
        using var stop = new CancellationTokenSource();
        var folds = 0;
        var folding = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                table.Table.Fold();
                folds++;
            }
        });
        folding.Start();
        var churn = new Churn(reset);
        churn.Run(Connections);
        stop.Cancel();
        folding.Join();

        var ends = table.Poll(churn.Port);
        table.Table.Read((in FlowRecord flow) => Assert.True(flow.Key.ServerPort != 0, $"{flow.Key}: of a socket that was taken apart already."));
        Assert.Equal(churn.ClientSent, ends.Client.SentBytes);
        Assert.Equal(churn.ServerSent, ends.Client.ReceivedBytes);
        Assert.Equal(churn.ServerSent, ends.Server.SentBytes);
        Assert.Equal(churn.ClientSent, ends.Server.ReceivedBytes);
        Assert.Equal((ulong)Connections, ends.Client.Opened);
        Assert.Equal((ulong)Connections, ends.Client.Closed);
        Assert.Equal((ulong)Connections, ends.Server.Opened);
        Assert.Equal((ulong)Connections, ends.Server.Closed);
        Assert.Equal(ends.Client.SentBytes, ends.Client.PastSentBytes);
        Assert.Equal(ends.Server.ReceivedBytes, ends.Server.PastReceivedBytes);
        Assert.True(folds > 1000, $"Only {folds} folds ran beside the churn.");
    }

    private sealed class Churn(bool reset)
    {
        private readonly byte[] _buffer = new byte[4096];
        private readonly Random _random = new(1);

        public int Port { get; private set; }

        public ulong ClientSent { get; private set; }

        public ulong ServerSent { get; private set; }

        public void Run(int connections)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            for (var i = 0; i < connections; i++)
            {
                One(listener);
            }
        }

        private void One(TcpListener listener)
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            if (reset)
            {
                client.LingerState = new LingerOption(true, 0);
            }

            client.Connect(IPAddress.Loopback, Port);
            using var server = listener.AcceptSocket();
            ClientSent += Send(client, server, _random.Next(1, 2000));
            ServerSent += Send(server, client, _random.Next(1, 2000));
            if (reset)
            {
                // Everything is acknowledged before the reset, so both ends agree on what was delivered.
                return;
            }

            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, server.Receive(_buffer));
        }

        private ulong Send(Socket from, Socket to, int count)
        {
            from.Send(_buffer, count, SocketFlags.None);
            for (var read = 0; read < count;)
            {
                read += to.Receive(_buffer, count - read, SocketFlags.None);
            }

            return (ulong)count;
        }
    }
}
