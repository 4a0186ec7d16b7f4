using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>A pinned BPF map. Sizes are checked once, here, so that spans of those sizes are safe from then on.</summary>
internal sealed class BpfMap : IDisposable
{
    private const int NoEntry = 2;
    private const int InfoSize = 80; // struct bpf_map_info up to and past the fields read below

    private readonly SafeFileHandle _fd;
    private readonly string _path;
    private readonly int _keySize;

    /// <exception cref="LibbpfException">There is no such pin, or its key or value has another size than expected.</exception>
    public BpfMap(string path, int keySize, int valueSize)
    {
        (_path, _keySize) = (path, keySize);
        _fd = Open(path);
        Span<byte> info = stackalloc byte[InfoSize];
        info.Clear();
        var size = (uint)InfoSize;
        LibbpfException.ThrowIfError(Libbpf.ObjectInfo(_fd, info, ref size), $"look at {path}");
        var (key, value) = (BinaryPrimitives.ReadInt32LittleEndian(info[8..]), BinaryPrimitives.ReadInt32LittleEndian(info[12..]));
        MaxEntries = BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        if (key != keySize || value != valueSize)
        {
            _fd.Dispose();
            throw new InvalidDataException(
                $"{path} has keys of {key} and values of {value} bytes where {keySize} and {valueSize} are expected: " +
                "another program pinned it. Remove it or set another PinFolder.");
        }
    }

    public uint MaxEntries { get; }

    public static SafeFileHandle Open(string path) =>
        new(LibbpfException.ThrowIfError(Libbpf.ObjectGet(path), $"open {path}"), ownsHandle: true);

    /// <summary>False when there is no such key.</summary>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value)
    {
        var result = Libbpf.MapLookup(_fd, key, value);
        return result != -NoEntry && LibbpfException.ThrowIfError(result, $"read {_path}") == 0;
    }

    /// <summary>Every key; one that comes or goes meanwhile may be missing. Without iterators there is no other way.</summary>
    public IReadOnlyList<byte[]> Keys()
    {
        var keys = new List<byte[]>();
        var next = new byte[_keySize];
        var result = Libbpf.MapFirstKey(_fd, 0, next);
        while (result == 0 && keys.Count < MaxEntries) // a key deleted under our hands begins the walk again
        {
            keys.Add(next);
            next = new byte[_keySize];
            result = Libbpf.MapNextKey(_fd, keys[^1], next);
        }

        return result is 0 or -NoEntry ? keys : throw new LibbpfException($"list {_path}", -result);
    }

    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        LibbpfException.ThrowIfError(Libbpf.MapUpdate(_fd, key, value, flags: 0), $"write {_path}");

    /// <summary>A key that is not there is fine.</summary>
    public void Delete(ReadOnlySpan<byte> key)
    {
        var result = Libbpf.MapDelete(_fd, key);
        if (result != -NoEntry)
        {
            LibbpfException.ThrowIfError(result, $"delete from {_path}");
        }
    }

    public void Dispose() => _fd.Dispose();
}
