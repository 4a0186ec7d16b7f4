using System.Buffers;
using System.IO.Pipelines;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>Cuts a watch's stream into lines, holding one at a time.</summary>
internal sealed class LineReader(Stream stream) : IAsyncDisposable
{
    /// <summary>An object has at most 1.5 MiB where the API server keeps it; as JSON it is somewhat longer.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    private const int BufferBytes = 64 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes));
    private byte[] _joined = [];
    private SequencePosition? _next;

    /// <returns>Good until the next call; null at the end of the stream.</returns>
    /// <exception cref="IOException">The stream broke, or ended within a line, or a line does not end.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellation)
    {
        if (_next is { } next)
        {
            _pipe.AdvanceTo(next);
            _next = null;
        }

        while (true)
        {
            var read = await _pipe.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                _next = read.Buffer.GetPosition(1, end);
                return Whole(read.Buffer.Slice(0, end));
            }

            if (read.IsCompleted)
            {
                return read.Buffer.IsEmpty ? null : throw new IOException("The stream ended within a line.");
            }

            if (read.Buffer.Length > LongestLine)
            {
                throw new IOException("A line of the stream does not end.");
            }

            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private ReadOnlyMemory<byte> Whole(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            return line.First;
        }

        var length = (int)line.Length;
        _joined = _joined.Length >= length ? _joined : new byte[length];
        line.CopyTo(_joined);
        return _joined.AsMemory(0, length);
    }
}
