using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>The kernel's flow table, through its pins. Counting goes on when this is disposed of: see <see cref="Detach"/>.</summary>
public sealed class KernelFlowTable : IFlowTable
{
    private const int BufferSize = 256 * 1024;

    private readonly PinFolderLock? _lock;
    private readonly PinnedTables _pins;
    private readonly BpfMap _control;
    private readonly BpfMap _counters;
    private readonly BpfMap? _flows;
    private readonly BpfMap? _retiring;
    private readonly string _programs;
    private readonly byte[] _buffer = new byte[BufferSize];
    private ulong _poll;

    private KernelFlowTable(PinFolderLock? folderLock, PinnedTables pins, string programs)
    {
        (_lock, _pins, _programs) = (folderLock, pins, programs);
        _control = new BpfMap(pins.Table("control"), sizeof(uint), Control.Size);
        _counters = new BpfMap(pins.Table("counters"), sizeof(uint), sizeof(ulong));
        if (pins.Layout == PinnedTables.CurrentLayout)
        {
            _flows = new BpfMap(pins.Table("flows"), FlowKey.Size, FlowValue.Size);
            _retiring = new BpfMap(pins.Table("retiring"), FlowKey.Size, sizeof(byte));
        }

        var control = ReadControl(_control);
        (TableId, _poll) = (control.TableId, control.Poll);
    }

    public Guid TableId { get; }

    public long MaxFlows => _flows?.MaxEntries ?? 0;

    /// <summary>Goes on with the tables that are pinned, upgrading their programs if need be, or makes new ones.</summary>
    /// <exception cref="PinFolderInUseException">Another agent holds the folder.</exception>
    /// <exception cref="LibbpfException">The kernel refused something; the message says what.</exception>
    public static KernelFlowTable Open(FlowTableOptions options)
    {
        var held = new PinFolderLock(options.PinFolder);
        try
        {
            var pins = new PinnedTables(options.PinFolder, options.Layout);
            var table = new KernelFlowTable(held, pins, new ProgramLoader(options).AttachTo(pins));
            table.TellApartByProcess(options.ByProcess);
            return table;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What is pinned there now, of this layout if there is, else of another one; null if nothing is.</summary>
    public static FoundTable? Find(string pinFolder)
    {
        if (PinnedTables.All(pinFolder).FirstOrDefault() is not { } pins)
        {
            return null;
        }

        using var control = new BpfMap(pins.Table("control"), sizeof(uint), Control.Size);
        return new FoundTable(ReadControl(control).TableId, pins.Layout == PinnedTables.CurrentLayout);
    }

    /// <summary>
    /// The tables of another layout, to be read one last time, detached and removed. Null if there are none.
    /// </summary>
    public static KernelFlowTable? OpenOtherLayout(string pinFolder)
    {
        var held = new PinFolderLock(pinFolder);
        var pins = PinnedTables.All(pinFolder).FirstOrDefault(pins => pins.Layout != PinnedTables.CurrentLayout);
        if (pins?.ProgramFolders().LastOrDefault() is { } programs)
        {
            return new KernelFlowTable(held, pins, programs);
        }

        held.Dispose();
        return null;
    }

    public void Fold()
    {
        _poll++;
        WriteControl(ReadControl(_control) with { Poll = _poll });
        PinnedIterator.Run(Program("fold"), _buffer);
    }

    public long Enrol()
    {
        var before = Counter(KernelCounter.Enrolled);
        PinnedIterator.Run(Program("enrol"), _buffer);
        return (long)(Counter(KernelCounter.Enrolled) - before);
    }

    public void Read(FlowReader reader)
    {
        PinnedIterator.Run(Program("read_flows"), _buffer, output => FlowRecords.Parse(output, _poll, reader));
        PinnedIterator.Run(Program("read_overflow"), _buffer, output => FlowRecords.Parse(output, _poll, reader));
    }

    public void Retire(IReadOnlyList<FlowKey> keys)
    {
        ReadOnlySpan<byte> marked = [1];
        foreach (var key in keys)
        {
            _retiring!.Update(FlowKey.AsBytes(in key), marked);
        }

        PinnedIterator.Run(Program("retire"), _buffer);
        foreach (var key in keys)
        {
            _retiring!.Delete(FlowKey.AsBytes(in key));
        }

        // A program that looked its flow up before the mark may still be adding to it: let it end before anybody reads "final" values.
        Libc.WaitForRunningPrograms();
    }

    public void Delete(IReadOnlyList<FlowKey> keys)
    {
        foreach (var key in keys)
        {
            _flows!.Delete(FlowKey.AsBytes(in key));
        }
    }

    public KernelCounters ReadCounters() => new(
        Counter(KernelCounter.Enrolled),
        Counter(KernelCounter.UnobservedSockets),
        Counter(KernelCounter.UnobservedBytes),
        Counter(KernelCounter.Overflowed),
        Counter(KernelCounter.LostFlows),
        Counter(KernelCounter.LostBytes),
        Counter(KernelCounter.StorageFailed));

    public IReadOnlyList<SocketAccount> Detach()
    {
        foreach (var folder in _pins.ProgramFolders())
        {
            File.Delete(Path.Combine(folder, PinnedTables.LifeCycle));
            File.Delete(Path.Combine(folder, PinnedTables.MissedLifeCycle));
        }

        Libc.WaitForRunningPrograms();
        Fold();
        var accounts = new List<SocketAccount>();
        PinnedIterator.Run(Program("sockets"), _buffer, output => SizedRecords.Parse(output, accounts));
        return accounts;
    }

    public void Remove()
    {
        _pins.Remove();
        _pins.RemoveEmptyPinFolder();
    }

    public void Dispose()
    {
        _flows?.Dispose();
        _retiring?.Dispose();
        _counters.Dispose();
        _control.Dispose();
        _lock?.Dispose();
    }

    private static Control ReadControl(BpfMap map)
    {
        Span<byte> value = stackalloc byte[Control.Size];
        map.TryLookup(stackalloc byte[sizeof(uint)], value);
        return MemoryMarshal.Read<Control>(value);
    }

    private void WriteControl(in Control control) =>
        _control.Update(new byte[sizeof(uint)], MemoryMarshal.AsBytes(new ReadOnlySpan<Control>(in control)));

    /// <summary>Tables that are gone on with may have been made by an agent that was set up otherwise. Connections keep what they have.</summary>
    private void TellApartByProcess(bool byProcess)
    {
        var control = ReadControl(_control);
        if (control.ByProcess != (byProcess ? 1u : 0))
        {
            WriteControl(control with { ByProcess = byProcess ? 1u : 0 });
        }
    }

    private string Program(string name) => Path.Combine(_programs, name);

    private ulong Counter(KernelCounter counter)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        var index = (uint)counter;
        return _counters.TryLookup(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in index)), value) ? BitConverter.ToUInt64(value) : 0;
    }
}
