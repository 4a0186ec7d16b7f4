using System.Buffers.Binary;
using Caretta.Messages;

namespace Caretta.Node.Ledger;

/// <summary>Levels as stored: a little-endian 32-bit count for each state in the kernel's order, the zeros at the end left out.</summary>
internal static class LevelsBlob
{
    public const int MaxSize = LinkLevels.StateCount * sizeof(uint);

    public static ReadOnlySpan<byte> Write(in LinkLevels levels, Span<byte> buffer)
    {
        var length = 0;
        for (var state = 0; state < LinkLevels.StateCount; state++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[(state * sizeof(uint))..], levels[(TcpState)state]);
            length = levels[(TcpState)state] == 0 ? length : (state + 1) * sizeof(uint);
        }

        return buffer[..length];
    }

    public static LinkLevels Read(ReadOnlySpan<byte> blob)
    {
        Span<uint> counts = stackalloc uint[LinkLevels.StateCount];
        counts.Clear();
        for (var state = 0; state < LinkLevels.StateCount && (state + 1) * sizeof(uint) <= blob.Length; state++)
        {
            counts[state] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(state * sizeof(uint))..]);
        }

        return LinkLevels.Of(counts);
    }
}
