using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>The host's processes as of one poll: listed when the first question needs them, and not again before the next poll.</summary>
internal sealed class ProcessList(IProcesses processes)
{
    private readonly Dictionary<uint, string?> _cgroups = [];
    private IReadOnlyList<ProcessRecord>? _all;
    private ILookup<uint, ProcessRecord>? _byNetns;
    private ILookup<ulong, ProcessRecord>? _byCgroup;
    private ILookup<UInt128, ProcessRecord>? _ofHostByComm;
    private uint _hostNetns;

    /// <summary>How often the list was read.</summary>
    public long Reads { get; private set; }

    /// <summary>
    /// Inode number; it does not change. Process 1 is in it, and so is whatever the kernel starts first, should process 1 be hidden from
    /// here. Meaningful only in the host's PID namespace.
    /// </summary>
    public uint HostNetns
    {
        get
        {
            if (_hostNetns == 0)
            {
                _hostNetns = All().OrderBy(process => process.Pid).FirstOrDefault().Netns;
            }

            return _hostNetns;
        }
    }

    public void BeginPoll()
    {
        _all = null;
        _byNetns = null;
        _byCgroup = null;
        _ofHostByComm = null;
        _cgroups.Clear();
    }

    public IEnumerable<ProcessRecord> InNetns(uint netns) => (_byNetns ??= All().ToLookup(process => process.Netns))[netns];

    public IEnumerable<ProcessRecord> InCgroup(ulong id) => (_byCgroup ??= All().ToLookup(process => process.CgroupId))[id];

    /// <summary>Those in the host's network namespace that are called so.</summary>
    public IEnumerable<ProcessRecord> OfHost(UInt128 comm) => (_ofHostByComm ??= InNetns(HostNetns).ToLookup(process => process.Comm))[comm];

    /// <inheritdoc cref="IProcesses.CgroupsOf"/>
    public string? CgroupsOf(ProcessRecord process)
    {
        if (!_cgroups.TryGetValue(process.Pid, out var cgroups))
        {
            _cgroups[process.Pid] = cgroups = processes.CgroupsOf(process.Pid);
        }

        return cgroups;
    }

    private IReadOnlyList<ProcessRecord> All()
    {
        if (_all is null)
        {
            Reads++;
            _all = processes.Read();
        }

        return _all;
    }
}
