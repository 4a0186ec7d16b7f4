using System.Runtime.InteropServices;
using System.Text;
using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Fakes;

/// <summary>A host's processes. Process 1 is there, in the host's network namespace; any may end between being listed and being asked.</summary>
internal sealed class FakeProcesses : IProcesses
{
    public const uint HostNetns = 4026531840;

    private readonly Dictionary<uint, ProcessRecord> _listed = [];
    private readonly Dictionary<uint, string> _cgroups = [];

    public FakeProcesses() => Start(1, HostNetns, "systemd", "/init.scope");

    public int Reads { get; private set; }

    public int CgroupsRead { get; private set; }

    /// <param name="cookie">0: the namespace's number, as long as it is not used again.</param>
    /// <param name="unified">The path in version 2, if it is not the one of version 1.</param>
    public void Start(uint pid, uint netns, string comm, string path, ulong cookie = 0, ulong cgroup = 0, string unified = "/")
    {
        _listed[pid] = new ProcessRecord
        {
            Pid = pid,
            Netns = netns,
            NetnsCookie = cookie == 0 ? netns : cookie,
            CgroupId = cgroup,
            Comm = CommOf(comm),
        };
        _cgroups[pid] = $"4:memory:{path}\n0::{unified}\n";
    }

    public void End(params uint[] pids)
    {
        foreach (var pid in pids)
        {
            _listed.Remove(pid);
            _cgroups.Remove(pid);
        }
    }

    public void EndAfterListing(uint pid) => _cgroups.Remove(pid);

    public IReadOnlyList<ProcessRecord> Read()
    {
        Reads++;
        return [.. _listed.Values];
    }

    public string? CgroupsOf(uint pid)
    {
        CgroupsRead++;
        return _cgroups.GetValueOrDefault(pid);
    }

    private static UInt128 CommOf(string comm)
    {
        Span<byte> name = stackalloc byte[FlowKey.CommLength];
        name.Clear();
        Encoding.UTF8.GetBytes(comm, name);
        return MemoryMarshal.Read<UInt128>(name);
    }
}
