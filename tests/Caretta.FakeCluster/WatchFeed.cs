using System.Threading.Channels;

namespace Caretta.FakeCluster;

/// <summary>The lines of one watch as they come, without their line ends. It ends itself only where a server ends a watch for its own reasons.</summary>
public sealed class WatchFeed : IDisposable
{
    private readonly Channel<byte[]> _lines = Channel.CreateUnbounded<byte[]>();
    private readonly Action<WatchFeed>? _disposed;

    internal WatchFeed(Action<WatchFeed>? disposed = null) => _disposed = disposed;

    public ChannelReader<byte[]> Lines => _lines.Reader;

    public void Dispose() => _disposed?.Invoke(this);

    internal void Send(byte[] line) => _lines.Writer.TryWrite(line);

    internal void End() => _lines.Writer.TryComplete();
}
