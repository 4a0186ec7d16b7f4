using System.Net;
using System.Runtime.InteropServices;

namespace Caretta.Messages;

/// <summary>An IP address as 16 bytes in network order, IPv4 as ::ffff:a.b.c.d, so that both spellings of one address are equal.</summary>
public readonly struct Address : IEquatable<Address>
{
    public const int Size = 16;

    private readonly UInt128 _bytes;

    /// <param name="bytes">4 or 16.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public Address(ReadOnlySpan<byte> bytes)
        : this(new IPAddress(bytes))
    {
    }

    public Address(IPAddress address) => _bytes = MemoryMarshal.Read<UInt128>(address.MapToIPv6().GetAddressBytes());

    private Address(UInt128 bytes) => _bytes = bytes;

    /// <summary>127/8 or ::1.</summary>
    public bool IsLoopback
    {
        get
        {
            Span<byte> ip = stackalloc byte[Size];
            CopyTo(ip);
            return ip.SequenceEqual(Loopback6) || (ip[..12].SequenceEqual(MappedPrefix) && ip[12] == 127);
        }
    }

    private static ReadOnlySpan<byte> Loopback6 => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    public static bool operator ==(Address left, Address right) => left.Equals(right);

    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    /// <param name="networkOrder">The 16 bytes as they lie in memory, as the kernel's records hold them.</param>
    public static Address FromMemory(UInt128 networkOrder) => new(networkOrder);

    public static Address Parse(string text) => new(IPAddress.Parse(text));

    public static bool TryParse(string? text, out Address address)
    {
        var good = IPAddress.TryParse(text, out var parsed);
        address = good ? new Address(parsed!) : default;
        return good;
    }

    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, _bytes);

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public bool Equals(Address other) => _bytes == other._bytes;

    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    public override int GetHashCode() => _bytes.GetHashCode();

    public override string ToString() => ToIPAddress().ToString();
}
