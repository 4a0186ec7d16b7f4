using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Caretta.Node.Kernel;

/// <summary>Loads the programs, on the tables that are pinned already or on new ones, attaches and pins them.</summary>
internal sealed class ProgramLoader
{
    private readonly FlowTableOptions _options;
    private readonly ProgramSet _set;
    private readonly byte[] _image;

    public ProgramLoader(FlowTableOptions options)
    {
        (_options, _set) = (options, options.Programs);
        _image = options.ObjectFile is { } file ? File.ReadAllBytes(file) : BuiltIn(_set.Resource);
        Build = XxHash64.HashToUInt64(_image).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Names this build of the programs.</summary>
    public string Build { get; }

    /// <summary>Afterwards the programs of this build, and no others, are attached and pinned.</summary>
    /// <returns>The folder they are pinned in.</returns>
    public string AttachTo(PinnedTables pins)
    {
        var programs = pins.ProgramsOf(Build);
        if (!_set.OutlivesAgent)
        {
            PinTables(pins);
            return programs;
        }

        if (!File.Exists(Path.Combine(programs, PinnedTables.LifeCycle)))
        {
            PinnedTables.RemoveFolder(programs); // a start that was cut short
            Load(pins, programs);
        }

        // Only now: while both are attached each count is still made once, and none is missed.
        foreach (var other in pins.ProgramFolders().Where(folder => folder != programs).ToList())
        {
            PinnedTables.RemoveFolder(other);
        }

        return programs;
    }

    /// <summary>Attaches what ends with this process.</summary>
    public IReadOnlyList<BpfLinkHandle> Hold(PinnedTables pins) => _set.Held.Count == 0 ? [] : WithObject(obj =>
    {
        LoadOnly(obj, _set.Held);
        Reuse(obj, pins);
        LibbpfException.ThrowIfError(Libbpf.ObjectLoad(obj), "load the eBPF programs");
        return _set.Held.Select(program => Attached(Libbpf.Attach(Libbpf.FindProgram(obj, program)), program)).ToList();
    });

    private static byte[] BuiltIn(string resource)
    {
        using var stream = typeof(ProgramLoader).Assembly.GetManifestResourceStream(resource)!;
        var image = new byte[stream.Length];
        stream.ReadExactly(image);
        return image;
    }

    private void Load(PinnedTables pins, string programs) => WithObject(obj =>
    {
        var fresh = !File.Exists(pins.Table("control"));
        if (fresh)
        {
            Size(obj);
        }
        else
        {
            Reuse(obj, pins);
        }

        foreach (var held in _set.Held)
        {
            LibbpfException.ThrowIfError(Libbpf.SetAutoLoad(Libbpf.FindProgram(obj, held), false), "choose the programs");
        }

        LibbpfException.ThrowIfError(Libbpf.ObjectLoad(obj), "load the eBPF programs");
        if (fresh)
        {
            Pin(obj, pins);
        }

        Attach(obj, programs);
        return true;
    });

    /// <summary>Tables alone: there are no programs to outlive this process, so what is pinned is for it alone.</summary>
    private void PinTables(PinnedTables pins) => WithObject(obj =>
    {
        Size(obj);
        LoadOnly(obj, []);
        LibbpfException.ThrowIfError(Libbpf.ObjectLoad(obj), "make the tables");
        Pin(obj, pins);
        return true;
    });

    private static void LoadOnly(BpfObjectHandle obj, IReadOnlyList<string> names)
    {
        var wanted = names.Select(name => Libbpf.FindProgram(obj, name)).ToList();
        foreach (var other in Libbpf.ProgramsOf(obj).Except(wanted))
        {
            LibbpfException.ThrowIfError(Libbpf.SetAutoLoad(other, false), "choose the programs");
        }
    }

    /// <exception cref="LibbpfException">With what libbpf and the verifier said about it.</exception>
    private T WithObject<T>(Func<BpfObjectHandle, T> use)
    {
        using var log = new LibbpfLog();
        try
        {
            using var obj = Open();
            return obj.IsInvalid ? throw new LibbpfException("open the eBPF object", Marshal.GetLastPInvokeError()) : use(obj);
        }
        catch (LibbpfException refused)
        {
            throw refused.With(log.ToString());
        }
    }

    private unsafe BpfObjectHandle Open()
    {
        var path = _options.BtfFile.Length == 0 ? 0 : Marshal.StringToCoTaskMemUTF8(_options.BtfFile);
        try
        {
            var options = new Libbpf.OpenOptions { Size = (nuint)sizeof(Libbpf.OpenOptions), BtfPath = path };
            return Libbpf.ObjectOpen(_image, (nuint)_image.Length, in options);
        }
        finally
        {
            Marshal.FreeCoTaskMem(path);
        }
    }

    private void Size(BpfObjectHandle obj)
    {
        SetMaxEntries(obj, "flows", _options.MaxFlows);
        SetMaxEntries(obj, "overflow", _options.MaxOverflowFlows);
        if (_options.Path != ProbePath.Tracing)
        {
            SetMaxEntries(obj, "tracked", _options.MaxSockets);
            SetMaxEntries(obj, "looked", _options.MaxSockets);
        }

        SetMaxEntries(obj, "carried", (uint)Math.Max(1, _options.Carried.Count));
    }

    private static void SetMaxEntries(BpfObjectHandle obj, string table, uint entries) =>
        LibbpfException.ThrowIfError(Libbpf.MapSetMaxEntries(Libbpf.FindMap(obj, table), entries), $"size {table}");

    private void Reuse(BpfObjectHandle obj, PinnedTables pins)
    {
        foreach (var table in _set.Tables)
        {
            using var fd = BpfMap.Open(pins.Table(table));
            LibbpfException.ThrowIfError(Libbpf.MapReuse(Libbpf.FindMap(obj, table), fd), $"go on with {table}");
        }
    }

    /// <summary>The control table last: its pin says that the others are there and filled.</summary>
    private void Pin(BpfObjectHandle obj, PinnedTables pins)
    {
        pins.Remove(); // a start that was cut short
        Directory.CreateDirectory(pins.Folder);
        foreach (var table in _set.Tables.Where(table => table != "control"))
        {
            PinTable(obj, pins, table);
        }

        using (var carried = new BpfMap(pins.Table("carried"), sizeof(ulong), SocketAccount.Size))
        {
            foreach (var account in _options.Carried)
            {
                carried.Update(BitConverter.GetBytes(account.Cookie), MemoryMarshal.AsBytes(new ReadOnlySpan<SocketAccount>(in account)));
            }
        }

        var settings = new Control
        {
            Poll = 1, // a flow that no fold has seen has 0
            TableId = _options.TableId,
            FreshBoot = _options.FreshBoot ? 1u : 0,
            ByProcess = _options.ByProcess ? 1u : 0,
        };
        using (var control = new SafeFileHandle(Libbpf.MapFd(Libbpf.FindMap(obj, "control")), ownsHandle: false))
        {
            var written = Libbpf.MapUpdate(control, new byte[sizeof(uint)], MemoryMarshal.AsBytes(new ReadOnlySpan<Control>(in settings)), flags: 0);
            LibbpfException.ThrowIfError(written, "write control");
        }

        PinTable(obj, pins, "control");
    }

    private static void PinTable(BpfObjectHandle obj, PinnedTables pins, string table) =>
        LibbpfException.ThrowIfError(Libbpf.MapPin(Libbpf.FindMap(obj, table), pins.Table(table)), $"pin {pins.Table(table)}");

    /// <summary>The life cycle's pin last: it says that the others are there.</summary>
    private void Attach(BpfObjectHandle obj, string programs)
    {
        Directory.CreateDirectory(programs);
        foreach (var (program, pin, table) in _set.Iterators)
        {
            using var link = AttachIterator(Libbpf.FindProgram(obj, program), table is null ? -1 : Libbpf.MapFd(Libbpf.FindMap(obj, table)));
            PinLink(link, program, Path.Combine(programs, pin));
        }

        // Attached in the order they are to run in.
        using var lifeCycle = Libbpf.Attach(Libbpf.FindProgram(obj, PinnedTables.LifeCycle));
        using var missed = Libbpf.Attach(Libbpf.FindProgram(obj, PinnedTables.MissedLifeCycle));
        PinLink(missed, PinnedTables.MissedLifeCycle, Path.Combine(programs, PinnedTables.MissedLifeCycle));
        PinLink(lifeCycle, PinnedTables.LifeCycle, Path.Combine(programs, PinnedTables.LifeCycle));
    }

    private static void PinLink(BpfLinkHandle link, string program, string path) =>
        LibbpfException.ThrowIfError(Libbpf.LinkPin(Attached(link, program), path), $"pin {path}");

    private static BpfLinkHandle Attached(BpfLinkHandle link, string program) =>
        link.IsInvalid ? throw new LibbpfException($"attach {program}", Marshal.GetLastPInvokeError()) : link;

    private static unsafe BpfLinkHandle AttachIterator(nint program, int mapFd)
    {
        Span<int> linkInfo = stackalloc int[4]; // union bpf_iter_link_info: the map's fd comes first
        linkInfo.Clear();
        linkInfo[0] = mapFd;
        fixed (int* info = linkInfo)
        {
            var options = new Libbpf.IteratorOptions
            {
                Size = (nuint)sizeof(Libbpf.IteratorOptions),
                LinkInfo = mapFd < 0 ? 0 : (nint)info,
                LinkInfoLength = mapFd < 0 ? 0 : (uint)(linkInfo.Length * sizeof(int)),
            };
            return Libbpf.AttachIterator(program, in options);
        }
    }
}
