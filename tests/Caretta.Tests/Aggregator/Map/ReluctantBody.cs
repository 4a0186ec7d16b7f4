using System.Text;

namespace Caretta.Tests.Aggregator.Map;

/// <summary>The response's body of a client that reads only when told to: a write waits until then, or until it is given up.</summary>
internal sealed class ReluctantBody : Stream
{
    private readonly Lock _lock = new();
    private readonly List<string> _read = [];
    private TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _read];
            }
        }
    }

    /// <summary>From now on all is read as it comes.</summary>
    public void ReadOn() => _reads.TrySetResult();

    public void StopReading() => _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the next write was taken.</summary>
    public async Task NextAsync()
    {
        await _waited.Task.WaitAsync(TestContext.Current.CancellationToken);
        lock (_lock)
        {
            _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _reads.Task.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _read.Add(Encoding.UTF8.GetString(buffer.Span));
            _waited.TrySetResult();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
