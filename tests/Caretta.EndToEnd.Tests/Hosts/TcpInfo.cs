using System.Buffers.Binary;
using System.Net.Sockets;

namespace Caretta.EndToEnd.Tests.Hosts;

/// <summary>The kernel's own word on a socket (<c>struct tcp_info</c>): the truth for connections whose applications cannot know.</summary>
internal sealed record TcpInfo(bool IsClosed, ulong BytesAcked, ulong BytesReceived, ulong BytesSent, ulong BytesRetransmitted, bool DataInSyn)
{
    private const int Tcp = 6;
    private const int Info = 11;
    private const byte Close = 7; // TCP_CLOSE: what TIME_WAIT leaves of a socket, too
    private const int SynData = 32; // TCPI_OPT_SYN_DATA: the SYN carried data, and the server took it

    public static TcpInfo Of(Socket socket)
    {
        Span<byte> info = stackalloc byte[232];
        var length = info.Length;
        Assert.Equal(0, Native.GetOption(socket.SafeHandle, Tcp, Info, info, ref length));
        return new TcpInfo(
            info[0] == Close,
            BinaryPrimitives.ReadUInt64LittleEndian(info[120..]),
            BinaryPrimitives.ReadUInt64LittleEndian(info[128..]),
            BinaryPrimitives.ReadUInt64LittleEndian(info[200..]),
            BinaryPrimitives.ReadUInt64LittleEndian(info[208..]),
            (info[5] & SynData) != 0);
    }
}
