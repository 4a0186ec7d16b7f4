using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>Takes apart what the sockets iterator writes: size, account, again and again.</summary>
internal static class SocketRecords
{
    private const int SizeLength = 8;

    /// <summary>Accounts of an older, shorter layout are read too: what they lack is zero.</summary>
    /// <exception cref="InvalidDataException">The output does not consist of whole records.</exception>
    public static void Parse(ReadOnlySpan<byte> output, List<SocketAccount> accounts)
    {
        Span<byte> account = stackalloc byte[SocketAccount.Size];
        while (!output.IsEmpty)
        {
            var size = output.Length < SizeLength ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(output);
            if (size <= 0 || output.Length < SizeLength + size)
            {
                throw new InvalidDataException("The socket accounts are not what this version of the programs writes.");
            }

            account.Clear();
            output.Slice(SizeLength, Math.Min(size, SocketAccount.Size)).CopyTo(account);
            accounts.Add(MemoryMarshal.Read<SocketAccount>(account));
            output = output[(SizeLength + size)..];
        }
    }
}
