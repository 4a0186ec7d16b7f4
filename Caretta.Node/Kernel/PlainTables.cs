using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>The tables of <see cref="ProbePath.Plain"/>, read key by key.</summary>
/// <param name="flows">Not owned.</param>
/// <param name="retired">Flows that take no more counts.</param>
internal sealed class PlainTables(PinnedTables pins, BpfMap flows, IReadOnlySet<FlowKey> retired) : IDisposable
{
    private readonly BpfMap _overflow = new(pins.Table("overflow"), FlowKey.Size, FlowValue.Size);
    private readonly BpfMap _tracked = new(pins.Table("tracked"), sizeof(ulong), TrackedSocket.Size);

    public void Read(ulong poll, FlowReader reader)
    {
        Read(flows, poll, reader);
        Read(_overflow, poll, reader);
    }

    /// <summary>Of the live sockets, once no program runs.</summary>
    public IReadOnlyList<SocketAccount> Accounts()
    {
        var accounts = new List<SocketAccount>();
        Span<byte> value = stackalloc byte[TrackedSocket.Size];
        foreach (var key in _tracked.Keys())
        {
            if (_tracked.TryLookup(key, value) && MemoryMarshal.Read<TrackedSocket>(value).ToAccount() is { } account)
            {
                accounts.Add(account);
            }
        }

        return accounts;
    }

    public void Dispose()
    {
        _overflow.Dispose();
        _tracked.Dispose();
    }

    private void Read(BpfMap table, ulong poll, FlowReader reader)
    {
        Span<byte> value = stackalloc byte[FlowValue.Size];
        foreach (var bytes in table.Keys())
        {
            if (!table.TryLookup(bytes, value))
            {
                continue;
            }

            var key = MemoryMarshal.Read<FlowKey>(bytes);
            var record = MemoryMarshal.Read<FlowValue>(value).ToRecord(in key, poll);
            record = retired.Contains(key) ? record with { Retiring = true } : record;
            reader(in record);
        }
    }
}
