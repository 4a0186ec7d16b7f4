using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Takes apart what iterators without a table write: size, record, again and again.</summary>
internal static class SizedRecords
{
    private const int SizeLength = 8;

    /// <summary>Records of an older, shorter layout are read too: what they lack is zero.</summary>
    /// <exception cref="InvalidDataException">The output does not consist of whole records.</exception>
    public static void Parse<T>(ReadOnlySpan<byte> output, List<T> records)
        where T : unmanaged
    {
        Span<byte> record = stackalloc byte[Unsafe.SizeOf<T>()];
        while (!output.IsEmpty)
        {
            var size = output.Length < SizeLength ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(output);
            if (size <= 0 || output.Length < SizeLength + size)
            {
                throw new InvalidDataException($"The {typeof(T).Name}s are not what this version of the programs writes.");
            }

            record.Clear();
            output.Slice(SizeLength, Math.Min(size, record.Length)).CopyTo(record);
            records.Add(MemoryMarshal.Read<T>(record));
            output = output[(SizeLength + size)..];
        }
    }
}
