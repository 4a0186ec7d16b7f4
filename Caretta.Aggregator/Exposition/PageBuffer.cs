using System.Buffers;
using System.Buffers.Text;

namespace Caretta.Aggregator.Exposition;

/// <summary>Lines of a page on their way into a stream.</summary>
internal sealed class PageBuffer(Stream to) : IDisposable
{
    /// <summary>Room for a name, a state's label, a number and the signs between them, beside a link's labels.</summary>
    private const int BesideLabels = 128;

    // Longer than any two links' labels: each of their strings is bounded at the ingress.
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
    private int _length;

    public bool HasRoom(int lines, int labels) => _length + lines * (labels + BesideLabels) <= _buffer.Length;

    public void Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> moreLabels, ulong value, bool inMicroseconds)
    {
        Append(name);
        Append(labels);
        Append(moreLabels);
        Append("} "u8);
        if (inMicroseconds)
        {
            AppendSeconds(value);
        }
        else
        {
            AppendNumber(value);
        }

        Append("\n"u8);
    }

    public async ValueTask WriteAsync(byte[] header, CancellationToken cancel)
    {
        if (_length + header.Length > _buffer.Length)
        {
            await FlushAsync(cancel);
        }

        Append(header);
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        await to.WriteAsync(_buffer.AsMemory(0, _length), cancel);
        _length = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void AppendNumber(ulong value, StandardFormat format = default)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written, format);
        _length += written;
    }

    private void AppendSeconds(ulong microseconds)
    {
        AppendNumber(microseconds / 1_000_000);
        Append("."u8);
        AppendNumber(microseconds % 1_000_000, new StandardFormat('D', 6));
    }
}
