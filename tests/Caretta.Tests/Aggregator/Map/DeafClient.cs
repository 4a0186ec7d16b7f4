using System.Net.Sockets;
using System.Text;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>Asks over a real socket and never reads a byte of the answer.</summary>
internal sealed class DeafClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

    public static async Task<DeafClient> AskAsync(Uri server, string path, CancellationToken cancel)
    {
        var client = new DeafClient();
        await client._socket.ConnectAsync(server.Host, server.Port, cancel);
        await client._socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n"), cancel);
        return client;
    }

    /// <summary>Completes when the server has cut the connection, without reading.</summary>
    public Task CutAsync(CancellationToken cancel) => Task.Factory.StartNew(
        () =>
        {
            while (!_socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectError))
            {
                cancel.ThrowIfCancellationRequested();
            }
        },
        cancel,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public void Dispose() => _socket.Dispose();
}
