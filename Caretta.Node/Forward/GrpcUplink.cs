using System.Threading.Channels;
using Akka.Actor;
using Caretta.Messages.Wire;
using Caretta.Tls;
using Grpc.Core;

namespace Caretta.Node.Forward;

/// <summary>The real stream: one bidirectional gRPC call. Reading and writing go on beside the actor, one write at a time.</summary>
internal sealed class GrpcUplink : IUplink
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<FromNode> _outgoing = System.Threading.Channels.Channel.CreateUnbounded<FromNode>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int _stream;
    private readonly IActorRef _owner;

    private GrpcUplink(AggregatorChannel channel, int stream, IActorRef owner)
    {
        (_stream, _owner) = (stream, owner);
        _ = RunAsync(channel);
    }

    /// <summary>Streams to one aggregator.</summary>
    public static Func<int, IActorRef, IUplink> To(AggregatorChannel channel) => (stream, owner) => new GrpcUplink(channel, stream, owner);

    public void Send(FromNode message) => _outgoing.Writer.TryWrite(message);

    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(AggregatorChannel channel)
    {
        var cause = "the aggregator ended the stream";
        try
        {
            using var call = new Ingress.IngressClient(channel.Current()).Report(channel.Security.Headers(), cancellationToken: _stopping.Token);
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
