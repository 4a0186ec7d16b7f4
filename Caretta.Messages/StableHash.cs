using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Caretta.Messages;

/// <summary>64-bit names for things that outlive a process. Part of the stored state: never change the input or the function.</summary>
public static class StableHash
{
    /// <summary>XXH64 over each part as UTF-8, preceded by its length in bytes, so that ("ab","c") and ("a","bc") differ. Never 0.</summary>
    public static ulong Of(params ReadOnlySpan<string> parts)
    {
        var hash = new XxHash64();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.Append(length);
            hash.Append(text);
        }

        var value = hash.GetCurrentHashAsUInt64();
        return value == 0 ? 1 : value; // 0 means "not computed yet" to its callers
    }
}
