using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Caretta.Messages;

namespace Caretta.Node.Kernel;

/// <summary><c>struct flow_key</c> of caretta.h, byte for byte: what the connections of a flow share.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public readonly struct FlowKey : IEquatable<FlowKey>
{
    public const int Size = 72;
    public const int CommLength = 16;

    [FieldOffset(0)] private readonly UInt128 _localIp;
    [FieldOffset(16)] private readonly UInt128 _remoteIp;
    [FieldOffset(32)] private readonly ulong _cgroupId;
    [FieldOffset(40)] private readonly uint _netns;
    [FieldOffset(44)] private readonly ushort _serverPort;
    [FieldOffset(46)] private readonly byte _role;
    [FieldOffset(47)] private readonly byte _family;
    [FieldOffset(48)] private readonly UInt128 _comm;
    [FieldOffset(64)] private readonly byte _slot;
    [FieldOffset(65)] private readonly byte _pad1;
    [FieldOffset(66)] private readonly ushort _pad2;
    [FieldOffset(68)] private readonly uint _pad3;

    /// <summary>For tests and fakes; the kernel writes its own.</summary>
    public FlowKey(IPAddress local, IPAddress remote, ushort serverPort, Role role, uint netns = 0, ulong cgroupId = 0, string comm = "", byte slot = 0)
    {
        _localIp = Pack(local);
        _remoteIp = Pack(remote);
        _cgroupId = cgroupId;
        _netns = netns;
        _serverPort = serverPort;
        _role = (byte)role;
        _family = (byte)(local.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 2 : 10);
        Span<byte> name = stackalloc byte[CommLength];
        name.Clear();
        Encoding.UTF8.GetBytes(comm, name);
        _comm = MemoryMarshal.Read<UInt128>(name);
        _slot = slot;
    }

    public ulong CgroupId => _cgroupId;

    /// <summary>Inode number of the network namespace.</summary>
    public uint Netns => _netns;

    public ushort ServerPort => _serverPort;

    public Role Role => (Role)_role;

    /// <summary>The kernel's AF_INET (2) or AF_INET6 (10).</summary>
    public byte Family => _family;

    /// <summary>0 or 1: where bytes go while the flow's other slot retires.</summary>
    public byte Slot => _slot;

    /// <summary>A flow of the overflow table: only port and role are known.</summary>
    public bool IsOverflow => _family == 0;

    /// <summary>Network order, IPv4 mapped: to compare, not to calculate with.</summary>
    public UInt128 LocalIp => _localIp;

    /// <inheritdoc cref="LocalIp"/>
    public UInt128 RemoteIp => _remoteIp;

    /// <summary>The remote end has a loopback address, so both ends are in one network namespace of this host.</summary>
    public bool IsLoopback => Address.FromMemory(_remoteIp).IsLoopback;

    public IPAddress LocalAddress => Address.FromMemory(_localIp).ToIPAddress();

    public IPAddress RemoteAddress => Address.FromMemory(_remoteIp).ToIPAddress();

    /// <summary>The 16 bytes of <see cref="Comm"/> as they lie in memory: to compare.</summary>
    public UInt128 CommBytes => _comm;

    /// <summary>The owning process's name as the kernel keeps it (15 bytes at most); empty where it is not told.</summary>
    public string Comm
    {
        get
        {
            Span<byte> name = stackalloc byte[CommLength];
            MemoryMarshal.Write(name, _comm);
            var end = name.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        }
    }

    public static bool operator ==(FlowKey left, FlowKey right) => left.Equals(right);

    public static bool operator !=(FlowKey left, FlowKey right) => !left.Equals(right);

    /// <summary>The key's bytes as the kernel has them: the name of the flow in the ledger, too.</summary>
    public static ReadOnlySpan<byte> AsBytes(in FlowKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<FlowKey>(in key));

    public bool Equals(FlowKey other) => AsBytes(in this).SequenceEqual(AsBytes(in other));

    public override bool Equals(object? obj) => obj is FlowKey other && Equals(other);

    public override int GetHashCode() => unchecked((int)System.IO.Hashing.XxHash3.HashToUInt64(AsBytes(in this)));

    public override string ToString() => $"{Role} {LocalAddress} {RemoteAddress} :{ServerPort} {Comm} netns {Netns} slot {Slot}";

    private static UInt128 Pack(IPAddress address) =>
        MemoryMarshal.Read<UInt128>(address.MapToIPv6().GetAddressBytes());
}
