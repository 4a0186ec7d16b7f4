using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Caretta.Demo;

/// <summary>
/// What the shop's programs say to each other, over real sockets: a request names its own length and that of the answer it wants. Bounded: each
/// client has one connection at a time and waits between requests.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int HeaderSize = 8;
    private const int MaxBody = 4 * 1024 * 1024;

    private readonly PodNetwork _network;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];
    private readonly List<Socket> _listeners = [];

    public Traffic(PodNetwork network, IReadOnlyList<Conversation> conversations)
    {
        _network = network;
        foreach (var (server, port) in conversations.Where(one => !one.Fails).Select(one => (one.Server, one.Port)).Distinct())
        {
            foreach (var pod in network.Of(server))
            {
                var listener = pod.Listen(pod.Address, port);
                _listeners.Add(listener);
                _tasks.Add(AcceptAsync(listener));
            }
        }

        foreach (var conversation in conversations)
        {
            var clients = network.Of(conversation.Client);
            _tasks.AddRange(clients.Select((pod, number) => TalkAsync(conversation, pod, clients.Count, new Random(number))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptAsync(_stop.Token)));
                connections.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var buffer = new byte[MaxBody];
        try
        {
            while (await stream.ReadAtLeastAsync(buffer.AsMemory(0, HeaderSize), HeaderSize, throwOnEndOfStream: false, _stop.Token) == HeaderSize)
            {
                var (request, response) = (BinaryPrimitives.ReadInt32LittleEndian(buffer), BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(4)));
                await stream.ReadExactlyAsync(buffer.AsMemory(0, request), _stop.Token);
                await stream.WriteAsync(buffer.AsMemory(0, response), _stop.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The client has ended, or the demo.
        }
    }

    private async Task TalkAsync(Conversation conversation, Pod pod, int clients, Random random)
    {
        var pause = TimeSpan.FromSeconds(clients / conversation.PerSecond);
        var servers = _network.Of(conversation.Server);
        try
        {
            await Task.Delay(pause * random.NextDouble(), _stop.Token);
            while (true)
            {
                await ConnectionAsync(conversation, pod, servers[random.Next(servers.Count)], pause, random);
            }
        }
        catch (OperationCanceledException)
        {
            // The demo ends.
        }
    }

    private async Task ConnectionAsync(Conversation conversation, Pod pod, Pod server, TimeSpan pause, Random random)
    {
        try
        {
            using var socket = await pod.ConnectAsync(pod.Address, new IPEndPoint(server.Address, conversation.Port), _stop.Token);
            using var stream = new NetworkStream(socket);
            for (var request = 0; request < conversation.RequestsPerConnection; request++)
            {
                await AskAsync(stream, Around(conversation.Request, random), Around(conversation.Response, random));
                await Task.Delay(pause * (0.5 + random.NextDouble()), _stop.Token);
            }
        }
        catch (Exception failed) when (failed is SocketException or IOException)
        {
            await Task.Delay(pause, _stop.Token); // as a client would that tries again
        }
    }

    private async Task AskAsync(NetworkStream stream, int request, int response)
    {
        var sent = new byte[HeaderSize + request];
        BinaryPrimitives.WriteInt32LittleEndian(sent, request);
        BinaryPrimitives.WriteInt32LittleEndian(sent.AsSpan(4), response);
        await stream.WriteAsync(sent, _stop.Token);
        await stream.ReadExactlyAsync(new byte[response], _stop.Token);
    }

    private static int Around(int bytes, Random random) => (int)Math.Min(MaxBody, bytes * (0.5 + random.NextDouble()));
}
