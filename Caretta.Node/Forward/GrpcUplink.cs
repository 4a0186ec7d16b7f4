using System.Threading.Channels;
using Akka.Actor;
using Caretta.Messages.Wire;
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

    private GrpcUplink(GrpcChannel channel, int stream, IActorRef owner)
    {
        (_stream, _owner) = (stream, owner);
        _ = RunAsync(channel);
    }

    /// <summary>Streams over one channel to one aggregator.</summary>
    public static Func<int, IActorRef, IUplink> To(GrpcChannel channel) => (stream, owner) => new GrpcUplink(channel, stream, owner);

    public static GrpcChannel ChannelTo(Uri aggregator) => GrpcChannel.ForAddress(aggregator, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A peer that vanished without a word is noticed within this time.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        },
    });

    public void Send(FromNode message) => _outgoing.Writer.TryWrite(message);

    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(GrpcChannel channel)
    {
        var cause = "the aggregator ended the stream";
        try
        {
            using var call = new Ingress.IngressClient(channel).Report(cancellationToken: _stopping.Token);
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
        catch (Exception broken) when (broken is OperationCanceledException or InvalidOperationException or IOException)
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
