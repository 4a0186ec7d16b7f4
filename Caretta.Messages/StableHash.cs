using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Caretta.Messages;

/// <summary>64-bit names for things that outlive a process. Part of the stored state: never change the input or the function.</summary>
public static class StableHash
{
    private const int OnStack = 1024;

    /// <summary>XXH64 over each part as UTF-8, preceded by its length in bytes, so that ("ab","c") and ("a","bc") differ. Never 0.</summary>
    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var most = 0;
        foreach (var part in parts)
        {
            most += sizeof(int) + Encoding.UTF8.GetMaxByteCount(part.Length);
        }

        return most <= OnStack ? Of(parts, stackalloc byte[most]) : Of(parts, new byte[most]);
    }

    private static ulong Of(ReadOnlySpan<string> parts, Span<byte> buffer)
    {
        var length = 0;
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part, buffer[(length + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[length..], bytes);
            length += sizeof(int) + bytes;
        }

        var value = XxHash64.HashToUInt64(buffer[..length]);
        return value == 0 ? 1 : value; // 0 means "not computed yet" to its callers
    }
}
