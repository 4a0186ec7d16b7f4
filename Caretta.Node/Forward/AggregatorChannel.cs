using Grpc.Net.Client;

namespace Caretta.Node.Forward;

/// <summary>The channel to one aggregator, made anew when certificates have changed: a connection keeps those it was made with.</summary>
internal sealed class AggregatorChannel(Uri aggregator, ChannelSecurity security)
{
    private GrpcChannel? _channel;
    private int _version;

    public ChannelSecurity Security => security;

    /// <summary>For the next stream; there is one at a time.</summary>
    public GrpcChannel Current()
    {
        var version = security.Version;
        if (_channel is null || version != _version)
        {
            _channel?.Dispose();
            (_channel, _version) = (Open(), version);
        }

        return _channel;
    }

    private GrpcChannel Open()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A peer that vanished without a word is noticed within this time.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        };
        security.Secure(handler);
        return GrpcChannel.ForAddress(aggregator, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
