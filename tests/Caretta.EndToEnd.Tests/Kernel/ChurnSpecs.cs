using System.Net;
using System.Net.Sockets;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>Thousands of short connections while folds run in a tight loop on the other CPU: every count is made once.</summary>
public sealed class ChurnSpecs(ITestOutputHelper output)
{
    private const int Connections = 40_000;
    private const int Folds = 1000;

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Connections_that_close_while_folds_run_are_counted_exactly(bool reset) => HiddenChanges.Excluded(output, () => ChurnAndFold(reset));

    private static void ChurnAndFold(bool reset)
    {
        using var table = new TableUnderTest();
        var folds = 0;
        using var folding = new Beside(stop =>
        {
            while (!stop.IsCancellationRequested)
            {
                table.Table.Fold();
                Volatile.Write(ref folds, folds + 1);
            }
        });
        var churn = new Churn(reset);
        // However the two share the processors, there is enough of both.
        var connections = churn.Run(made => made < Connections || Volatile.Read(ref folds) < Folds);
        folding.Stop();

        var ends = table.Poll(churn.Port);
        table.Table.Read((in FlowRecord flow) => Assert.True(flow.Key.ServerPort != 0, $"{flow.Key}: of a socket that was taken apart already."));
        Assert.Equal(churn.ClientSent, ends.Client.SentBytes);
        Assert.Equal(churn.ServerSent, ends.Client.ReceivedBytes);
        Assert.Equal(churn.ServerSent, ends.Server.SentBytes);
        Assert.Equal(churn.ClientSent, ends.Server.ReceivedBytes);
        Assert.Equal(connections, ends.Client.Opened);
        Assert.Equal(connections, ends.Client.Closed);
        Assert.Equal(connections, ends.Server.Opened);
        Assert.Equal(connections, ends.Server.Closed);
        Assert.Equal(ends.Client.SentBytes, ends.Client.PastSentBytes);
        Assert.Equal(ends.Server.ReceivedBytes, ends.Server.PastReceivedBytes);
    }

    private sealed class Churn(bool reset)
    {
        private readonly byte[] _buffer = new byte[4096];
        private readonly Random _random = new(1);

        public int Port { get; } = Ports.Next();

        public ulong ClientSent { get; private set; }

        public ulong ServerSent { get; private set; }

        /// <param name="goesOn">By how many were made.</param>
        /// <returns>How many were made.</returns>
        public ulong Run(Func<ulong, bool> goesOn)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Port);
            listener.Start();
            var made = 0UL;
            for (; goesOn(made); made++)
            {
                One(listener);
            }

            return made;
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

            new Pair(client, server, Port).Finish();
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
