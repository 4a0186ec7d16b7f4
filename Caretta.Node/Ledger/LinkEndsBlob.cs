using System.Buffers.Binary;
using Caretta.Messages;
using Caretta.Node.Names;

namespace Caretta.Node.Ledger;

/// <summary>Ends as a waiting row's column: pod uid (16), local and remote address (16 each), port (2, big endian), role, whether the node's.</summary>
internal static class LinkEndsBlob
{
    public const int Size = 52;

    public static ReadOnlySpan<byte> Write(in LinkEnds ends, Span<byte> blob)
    {
        ends.LocalPod.TryWriteBytes(blob, bigEndian: true, out _);
        ends.Local.CopyTo(blob[16..]);
        ends.Remote.CopyTo(blob[32..]);
        BinaryPrimitives.WriteUInt16BigEndian(blob[48..], ends.ServerPort);
        blob[50] = (byte)ends.Role;
        blob[51] = ends.LocalIsNode ? (byte)1 : (byte)0;
        return blob[..Size];
    }

    public static LinkEnds Read(ReadOnlySpan<byte> blob) => new(
        new Guid(blob[..16], bigEndian: true),
        blob[51] != 0,
        new Address(blob[16..32]),
        new Address(blob[32..48]),
        BinaryPrimitives.ReadUInt16BigEndian(blob[48..]),
        (Role)blob[50]);
}
