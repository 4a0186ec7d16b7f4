using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Caretta.Messages;

namespace Caretta.Aggregator.Links;

/// <summary>The labels of a link's series, encoded once: they never change while the link is exported.</summary>
internal static class LinkLabels
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");

    /// <summary>Names of the labels, numbers, and the signs between them.</summary>
    private const int BesideNames = 512;

    public static byte[] Encode(NetworkLink link)
    {
        // Three bytes of UTF-8 a character; an escaped one has two.
        var buffer = ArrayPool<byte>.Shared.Rent(BesideNames + 3 * (Characters(link.Client) + Characters(link.Server)));
        var text = new Writer(buffer);
        text.Append("{client_id=\""u8, link.Client.Id);
        text.Append(",client_kind=\""u8, link.Client.Kind);
        text.Append(",client_name=\""u8, link.Client.Name);
        text.Append(",client_namespace=\""u8, link.Client.Namespace);
        text.Append(",client_owner=\""u8, link.Client.Owner);
        text.Append(",link_id=\""u8, link.Id);
        text.Append(",role=\""u8, (ulong)link.Role);
        text.Append(",server_id=\""u8, link.Server.Id);
        text.Append(",server_kind=\""u8, link.Server.Kind);
        text.Append(",server_name=\""u8, link.Server.Name);
        text.Append(",server_namespace=\""u8, link.Server.Namespace);
        text.Append(",server_owner=\""u8, link.Server.Owner);
        text.Append(",server_port=\""u8, link.ServerPort);
        var labels = text.Written.ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return labels;
    }

    private static int Characters(Workload workload) =>
        workload.Namespace.Length + workload.Kind.Length + workload.Name.Length + workload.Owner.Length;

    private ref struct Writer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Append(ReadOnlySpan<byte> name, ulong value)
        {
            Append(name);
            Utf8Formatter.TryFormat(value, _buffer[_length..], out var written);
            _length += written;
            Append("\""u8);
        }

        public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
        {
            Append(name);
            for (var special = value.IndexOfAny(Escaped); special >= 0; special = value.IndexOfAny(Escaped))
            {
                Append(value[..special]);
                Append(value[special] switch { '\\' => @"\\"u8, '"' => "\\\""u8, _ => "\\n"u8 });
                value = value[(special + 1)..];
            }

            Append(value);
            Append("\""u8);
        }

        private void Append(ReadOnlySpan<char> text) => _length += Encoding.UTF8.GetBytes(text, _buffer[_length..]);

        private void Append(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer[_length..]);
            _length += bytes.Length;
        }
    }
}
