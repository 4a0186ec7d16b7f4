using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Takes apart what the flows iterator writes: sizes, key, value, again and again.</summary>
internal static class FlowRecords
{
    private const int SizesLength = 8;

    /// <summary>Records of an older, shorter layout are read too: what they lack is zero.</summary>
    /// <exception cref="InvalidDataException">The output does not consist of whole records.</exception>
    public static void Parse(ReadOnlySpan<byte> output, ulong poll, FlowReader reader)
    {
        Span<byte> value = stackalloc byte[FlowValue.Size];
        while (!output.IsEmpty)
        {
            if (output.Length < SizesLength)
            {
                throw Cut();
            }

            var keySize = BinaryPrimitives.ReadUInt16LittleEndian(output);
            var valueSize = BinaryPrimitives.ReadUInt16LittleEndian(output[2..]);
            if (keySize != FlowKey.Size || output.Length < SizesLength + keySize + valueSize)
            {
                throw Cut();
            }

            var key = MemoryMarshal.Read<FlowKey>(output[SizesLength..]);
            var present = output.Slice(SizesLength + keySize, Math.Min((int)valueSize, FlowValue.Size));
            value.Clear();
            present.CopyTo(value);
            var record = MemoryMarshal.Read<FlowValue>(value).ToRecord(in key, poll);
            reader(in record);
            output = output[(SizesLength + keySize + valueSize)..];
        }
    }

    private static InvalidDataException Cut() => new("The flow table's records are not what this version of the programs writes.");
}
