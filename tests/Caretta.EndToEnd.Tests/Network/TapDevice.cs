using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Caretta.EndToEnd.Tests.Network;

/// <summary>
/// A network card whose wire this process holds: what the kernel sends on it is read here, what is written here the kernel receives. Frames
/// come whole and with their checksums, as a real card would put them on the wire.
/// </summary>
internal sealed partial class TapDevice : IDisposable
{
    private const nuint SetInterface = 0x400454ca; // TUNSETIFF
    private const short TapWithoutHeader = 0x0002 | 0x1000; // IFF_TAP | IFF_NO_PI
    private const short Readable = 1; // POLLIN
    private const int LongestFrame = 65_536;
    private const int LookMilliseconds = 100;

    private readonly SafeFileHandle _fd = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);

    public TapDevice(string name)
    {
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request[16..], TapWithoutHeader);
        if (Control(_fd, SetInterface, request) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for the next frame, up to a tenth of a second.</summary>
    /// <returns>Null: none has come.</returns>
    public byte[]? Read()
    {
        var wanted = new Wanted { Fd = (int)_fd.DangerousGetHandle(), Events = Readable };
        if (Wait(ref wanted, 1, LookMilliseconds) <= 0)
        {
            return null;
        }

        Span<byte> buffer = new byte[LongestFrame];
        var length = (int)Read(_fd, buffer, LongestFrame);
        return length > 0 ? buffer[..length].ToArray() : null;
    }

    /// <summary>A card that is down takes nothing, as a wire does without a receiver.</summary>
    public void Write(byte[] frame) => _ = Write(_fd, frame, frame.Length);

    public void Dispose() => _fd.Dispose();

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle fd, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Wait(ref Wanted wanted, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle fd, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle fd, ReadOnlySpan<byte> buffer, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Wanted
    {
        public int Fd;
        public short Events;
        public short Happened;
    }
}
