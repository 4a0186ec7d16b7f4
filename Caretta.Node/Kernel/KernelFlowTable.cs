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
    private readonly ProgramSet _set;
    private readonly IReadOnlyList<BpfLinkHandle> _attached;
    private readonly LiveCounts _live = new();
    private readonly HashSet<FlowKey> _retired = [];
    private readonly PlainTables? _plain;
    private readonly byte[] _buffer = new byte[BufferSize];
    private ulong _poll;

    private KernelFlowTable(PinFolderLock? folderLock, PinnedTables pins, string programs, IReadOnlyList<BpfLinkHandle> attached)
    {
        (_lock, _pins, _programs, _attached) = (folderLock, pins, programs, attached);
        _set = ProgramSet.Of(pins);
        _control = new BpfMap(pins.Table("control"), sizeof(uint), Control.Size);
        _counters = new BpfMap(pins.Table("counters"), sizeof(uint), sizeof(ulong));
        if (pins.Layout == _set.Layout)
        {
            _flows = new BpfMap(pins.Table("flows"), FlowKey.Size, FlowValue.Size);
            _retiring = new BpfMap(pins.Table("retiring"), FlowKey.Size, sizeof(byte));
            _plain = _set.OutlivesAgent ? null : new PlainTables(pins, _flows, _retired);
            if (!_set.MarksRetiring)
            {
                _retired.UnionWith(_retiring.Keys().Select(key => MemoryMarshal.Read<FlowKey>(key)));
            }
        }

        var control = ReadControl(_control);
        (TableId, _poll) = (control.TableId, control.Poll);
    }

    public Guid TableId { get; private set; }

    public long MaxFlows => _flows?.MaxEntries ?? 0;

    /// <summary>Goes on with the tables that are pinned, upgrading their programs if need be, or makes new ones.</summary>
    /// <exception cref="PinFolderInUseException">Another agent holds the folder.</exception>
    /// <exception cref="LibbpfException">The kernel refused something; the message says what.</exception>
    public static KernelFlowTable Open(FlowTableOptions options)
    {
        var held = new PinFolderLock(options.PinFolder);
        try
        {
            PinnedTables.RemoveDead(options.PinFolder);
            var pins = new PinnedTables(options.PinFolder, options.Layout ?? options.Programs.Layout);
            var loader = new ProgramLoader(options);
            var programs = loader.AttachTo(pins);
            var table = new KernelFlowTable(held, pins, programs, loader.Hold(pins));
            table.TellApartByProcess(options.ByProcess);
            table.Rename(options.TableId);
            return table;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What is pinned there now, of this path and layout if there is, else of another one; null if nothing is.</summary>
    public static FoundTable? Find(string pinFolder, ProbePath path = ProbePath.Tracing)
    {
        var wanted = ProgramSet.Of(path).Layout;
        if (PinnedTables.All(pinFolder, wanted).FirstOrDefault() is not { } pins)
        {
            return null;
        }

        using var control = new BpfMap(pins.Table("control"), sizeof(uint), Control.Size);
        return new FoundTable(ReadControl(control).TableId, pins.Layout == wanted);
    }

    /// <summary>
    /// The tables of another path or layout, to be read one last time, detached and removed. Null if there are none.
    /// </summary>
    public static KernelFlowTable? OpenOtherLayout(string pinFolder, ProbePath path = ProbePath.Tracing)
    {
        var wanted = ProgramSet.Of(path).Layout;
        var held = new PinFolderLock(pinFolder);
        var pins = PinnedTables.All(pinFolder, wanted).FirstOrDefault(pins => pins.Layout != wanted);
        if (pins?.ProgramFolders().LastOrDefault() is { } programs)
        {
            return new KernelFlowTable(held, pins, programs, []);
        }

        held.Dispose();
        return null;
    }

    public void Fold() => Fold("fold");

    public long Enrol()
    {
        if (_plain is not null)
        {
            return 0; // they are met when data reaches them, or at their close
        }

        var before = Counter(KernelCounter.Enrolled);
        PinnedIterator.Run(Program("enrol"), _buffer);
        return (long)(Counter(KernelCounter.Enrolled) - before);
    }

    public void Read(FlowReader reader)
    {
        if (_plain is { } plain)
        {
            plain.Read(_poll, reader);
            return;
        }

        var told = _set.MarksRetiring ? reader : Tell; // where programs do both, the table says it all
        PinnedIterator.Run(Program("read_flows"), _buffer, output => FlowRecords.Parse(output, _poll, told));
        PinnedIterator.Run(Program("read_overflow"), _buffer, output => FlowRecords.Parse(output, _poll, told));

        void Tell(in FlowRecord flow)
        {
            var record = _live.Over(flow);
            record = _retired.Contains(flow.Key) ? record with { Retiring = true } : record;
            reader(in record);
        }
    }

    public void Retire(IReadOnlyList<FlowKey> keys)
    {
        ReadOnlySpan<byte> marked = [1];
        foreach (var key in keys)
        {
            _retiring!.Update(FlowKey.AsBytes(in key), marked);
        }

        if (_set.MarksRetiring)
        {
            PinnedIterator.Run(Program("retire"), _buffer);
            foreach (var key in keys)
            {
                _retiring!.Delete(FlowKey.AsBytes(in key));
            }
        }
        else
        {
            _retired.UnionWith(keys); // until they are deleted every count looks
        }

        // A program that looked its flow up before the mark may still be adding to it: let it end before anybody reads "final" values.
        Libc.WaitForRunningPrograms();
    }

    public void Delete(IReadOnlyList<FlowKey> keys)
    {
        foreach (var key in keys)
        {
            _flows!.Delete(FlowKey.AsBytes(in key));
            if (_retired.Remove(key))
            {
                _retiring!.Delete(FlowKey.AsBytes(in key));
            }
        }
    }

    public KernelCounters ReadCounters() => new(
        Counter(KernelCounter.Enrolled),
        Counter(KernelCounter.UnobservedSockets),
        Counter(KernelCounter.UnobservedBytes),
        Counter(KernelCounter.Overflowed),
        Counter(KernelCounter.LostFlows),
        Counter(KernelCounter.LostBytes),
        Counter(KernelCounter.StorageFailed),
        Counter(KernelCounter.UnseenEnds));

    public IReadOnlyList<SocketAccount> Detach()
    {
        foreach (var folder in _pins.ProgramFolders())
        {
            File.Delete(Path.Combine(folder, PinnedTables.LifeCycle));
            File.Delete(Path.Combine(folder, PinnedTables.MissedLifeCycle));
        }

        ReleasePrograms();
        Libc.WaitForRunningPrograms();
        if (_plain is { } plain)
        {
            return plain.Accounts();
        }

        Fold(_set.LastFold!);
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
        ReleasePrograms();
        _plain?.Dispose();
        _flows?.Dispose();
        _retiring?.Dispose();
        _counters.Dispose();
        _control.Dispose();
        _lock?.Dispose();
    }

    private void ReleasePrograms()
    {
        foreach (var link in _attached)
        {
            link.Dispose();
        }
    }

    private void Fold(string program)
    {
        _poll++;
        if (_plain is not null)
        {
            return;
        }

        WriteControl(ReadControl(_control) with { Poll = _poll });
        _live.Clear();
        PinnedIterator.Run(Program(program), _buffer, _live.Take);
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

    /// <summary>Tables that are gone on with keep their id if it is given again; they are somebody else's with another one.</summary>
    private void Rename(Guid id)
    {
        if (TableId != id)
        {
            WriteControl(ReadControl(_control) with { TableId = id });
            TableId = id;
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
