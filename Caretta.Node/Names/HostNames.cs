using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>
/// Names for a host without an orchestrator. The local end is the container or systemd unit of the socket's cgroup, or else the process;
/// the remote end, if it is on this host too, is whoever holds the other end, which the flows themselves tell; otherwise its address.
/// </summary>
/// <param name="readCgroups">Path by id of every cgroup there is.</param>
/// <param name="filter">Null if everything becomes a link.</param>
public sealed class HostNames(string nodeName, Func<IReadOnlyDictionary<ulong, string>> readCgroups, ILinkFilter? filter = null) : IHostNames
{
    /// <summary>What is gone is forgotten after so many polls.</summary>
    private const int PollsBetweenRenewals = 64;

    private readonly Workload _node = StandIns.Node(nodeName);
    private readonly Dictionary<string, Workload> _processes = [];
    private readonly Dictionary<ulong, Workload?> _cgroups = [];
    private HostKnowledge _known = new();
    private HostKnowledge _spare = new();
    private bool _renewing;
    private bool _cgroupsRead;
    private ulong _poll;

    public ulong Version { get; private set; } = 1;

    public bool BeginPoll()
    {
        _renewing = _poll++ % PollsBetweenRenewals == 0;
        _cgroupsRead = false;
        if (_renewing)
        {
            _spare.Clear();
            _cgroups.Clear(); // ids are not used again, but they would pile up
            _processes.Clear();
        }

        return _renewing;
    }

    public void Observe(in FlowKey flow)
    {
        if (flow.IsOverflow)
        {
            return;
        }

        Learn(_known, flow);
        if (_renewing)
        {
            Learn(_spare, flow);
            if (_known.Unmatched.TryGetValue(flow, out var since))
            {
                _spare.Unmatched[flow] = since;
            }
        }
    }

    public void EndObservation()
    {
        if (_renewing)
        {
            (_known, _spare) = (_spare, _known);
            _renewing = false;
        }
    }

    public Naming NameOf(in FlowKey flow, ulong changedNs)
    {
        if (flow.IsOverflow)
        {
            return Naming.Of(new NetworkLink(StandIns.Overflow, StandIns.Overflow, flow.ServerPort, flow.Role));
        }

        if (Remote(flow) is not { } remote)
        {
            return Naming.InTable;
        }

        var link = NetworkLink.Between(OwnerOf(flow), remote, flow.ServerPort, flow.Role);
        return (filter?.LeftOut(Address.FromMemory(flow.RemoteIp), flow.ServerPort) ?? filter?.LeftOut(link)) is { } reason
            ? Naming.LeaveOut(reason)
            : Naming.Of(link);
    }

    /// <summary>Nothing waits for these names; what an agent of a cluster left behind is told by its addresses.</summary>
    public Naming NameOf(in LinkEnds ends, long changedNs) => Naming.Of(Settle(ends));

    public NetworkLink Settle(in LinkEnds ends) =>
        NetworkLink.Between(_node, StandIns.Address(ends.Remote.ToString()), ends.ServerPort, ends.Role);

    private void Learn(HostKnowledge knowledge, in FlowKey flow)
    {
        var owner = OwnerOf(flow);
        var end = new LocalEnd(flow);
        var changed = knowledge.Addresses.Add(flow.LocalIp);
        if (!knowledge.Owners.TryGetValue(end, out var known))
        {
            knowledge.Owners[end] = owner;
            changed |= IsOurs(flow); // else nobody's other end
        }
        else if (known is not null && known != owner)
        {
            knowledge.Owners[end] = null;
            changed |= IsOurs(flow);
        }

        if (changed && knowledge == _known)
        {
            Version++;
        }
    }

    /// <summary>Null for one poll where the other end is ours and does not show: the two ends may have come between a fold and a read.</summary>
    private Workload? Remote(in FlowKey flow)
    {
        if (!IsOurs(flow))
        {
            return StandIns.Address(flow.RemoteAddress.ToString());
        }

        if (_known.Owners.TryGetValue(new LocalEnd(flow).Other(), out var owner))
        {
            return owner ?? _node;
        }

        if (_known.Unmatched.TryAdd(flow, _poll) || _known.Unmatched[flow] == _poll)
        {
            return null;
        }

        return _node;
    }

    private bool IsOurs(in FlowKey flow) => flow.IsLoopback || _known.Addresses.Contains(flow.RemoteIp);

    private Workload OwnerOf(in FlowKey flow)
    {
        if (flow.CgroupId != 0 && OfCgroup(flow.CgroupId) is { } named)
        {
            return named;
        }

        var comm = flow.Comm;
        if (comm.Length == 0)
        {
            return _node;
        }

        if (!_processes.TryGetValue(comm, out var process))
        {
            _processes[comm] = process = new Workload(nodeName, "process", CleanName.Of(comm));
        }

        return process;
    }

    private Workload? OfCgroup(ulong id)
    {
        if (_cgroups.TryGetValue(id, out var known))
        {
            return known;
        }

        if (!_cgroupsRead)
        {
            _cgroupsRead = true; // once a poll, whatever comes
            foreach (var (cgroup, path) in readCgroups())
            {
                _cgroups[cgroup] = CgroupName.Of(path) is var (kind, name) ? new Workload(nodeName, kind, CleanName.Of(name)) : null;
            }
        }

        // What ended within a poll is not there any more.
        return _cgroups.TryGetValue(id, out known) ? known : _cgroups[id] = null;
    }
}
