using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Caretta.Messages.Wire;
using Caretta.Messages.Tls;
using Grpc.Core;
using Grpc.Net.Client;

namespace Caretta.Node.Forward;

/// <summary>The real stream: one bidirectional gRPC call. Reading and writing go on beside the actor, one write at a time.</summary>
internal sealed class GrpcUplink : IUplink
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<FromNode> _outgoing = System.Threading.Channels.Channel.CreateUnbounded<FromNode>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int _stream;
    private readonly IActorRef _owner;

    private GrpcUplink(MemberAddress member, ChannelSecurity security, int stream, IActorRef owner)
    {
        (_stream, _owner) = (stream, owner);
        _ = RunAsync(ChannelTo(member, security), security);
    }

    /// <summary>
    /// Each stream has a connection of its own, so that the next one may go to another member, and shows the certificate its file holds by then.
    /// </summary>
    public static Func<int, MemberAddress, IActorRef, IUplink> To(ChannelSecurity security) =>
        (stream, member, owner) => new GrpcUplink(member, security, stream, owner);

    /// <summary>Dials the address that was chosen; who answers there is still checked by the endpoint's name.</summary>
    private static GrpcChannel ChannelTo(MemberAddress member, ChannelSecurity security)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, // it would be dialled in the member's place
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = (_, cancel) => ConnectAsync(member.Socket, cancel),
            // A peer that vanished without a word is noticed within this time.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        };
        security.Secure(handler);
        return GrpcChannel.ForAddress(member.Endpoint, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = handler });
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint socket, CancellationToken cancel)
    {
        var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connection.ConnectAsync(socket, cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Send(FromNode message) => _outgoing.Writer.TryWrite(message);

    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(GrpcChannel channel, ChannelSecurity security)
    {
        var cause = "the aggregator ended the stream";
        using var connection = channel;
        try
        {
            using var call = new Ingress.IngressClient(channel).Report(security.Headers(), cancellationToken: _stopping.Token);
            var writing = WriteAsync(call.RequestStream);
            await foreach (var message in call.ResponseStream.ReadAllAsync(_stopping.Token))
            {
                _owner.Tell(new StreamReceived(_stream, message));
            }

            await writing;
        }
        catch (RpcException broken)
        {
            cause = broken.Status.Detail is { Length: > 0 } detail ? detail : broken.StatusCode.ToString();
        }
        catch (Exception broken) when (broken is OperationCanceledException or InvalidOperationException or IOException or UnusableFileException)
        {
            cause = broken.Message;
        }
        finally
        {
            await _stopping.CancelAsync();
            _owner.Tell(new StreamBroken(_stream, cause));
        }
    }

    private async Task WriteAsync(IClientStreamWriter<FromNode> requests)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_stopping.Token))
            {
                await requests.WriteAsync(message, _stopping.Token);
            }
        }
        catch (Exception broken) when (broken is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The reading side learns the cause and tells it.
        }
    }
}
