using Caretta.Messages;
using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>
/// Finds out which pod a flow's local end is in: by the cgroup of the socket; where that does not tell, by the processes of the socket's
/// network namespace; in the host's, which many pods share, by the processes that have the name of the one that dialled or listens.
/// An answer that names a pod is worth keeping as long as the flow lives: asked again when the pod is gone, less may be known.
/// One owner at a time.
/// </summary>
public sealed class LocalEnds : ILocalEnds
{
    /// <summary>What was not found is looked for again, and what was not asked for any more forgotten, after so many polls.</summary>
    private const int PollsInAPeriod = 64;

    private readonly bool _socketsShowCgroups;
    private readonly ProcessList _processes;
    private readonly PodsByCgroup _byCgroup;
    private readonly PodsByNetns _byNetns;
    private readonly Dictionary<UInt128, Guid> _byComm = [];
    private ulong _poll;

    /// <param name="socketsShowCgroups">
    /// As <see cref="CgroupHierarchies.SocketsShowCgroups()"/> says: that a socket's cgroup is of no pod is then the last word.
    /// </param>
    /// <param name="readCgroups">Path by id of every cgroup of version 2 that is to be seen from here.</param>
    public LocalEnds(bool socketsShowCgroups, Func<IReadOnlyDictionary<ulong, string>> readCgroups, IProcesses processes)
    {
        _socketsShowCgroups = socketsShowCgroups;
        _processes = new ProcessList(processes);
        _byCgroup = new PodsByCgroup(readCgroups, _processes);
        _byNetns = new PodsByNetns(_processes);
    }

    /// <summary>
    /// How often the processes were listed: at most once a poll in which a socket's cgroup did not tell, and once at all for the host's network
    /// namespace, when an end that is in no pod comes first.
    /// </summary>
    public long ProcessLists => _processes.Reads;

    /// <summary>What was forgotten before its time because too much was remembered.</summary>
    public long Crowded => _byCgroup.Crowded + _byNetns.Crowded;

    public void BeginPoll()
    {
        _processes.BeginPoll();
        _byCgroup.BeginPoll();
        _byComm.Clear(); // names come and go with processes, and so does what they belong to
        if (_poll++ % PollsInAPeriod == 0)
        {
            _byCgroup.EndPeriod();
            _byNetns.EndPeriod();
        }
    }

    /// <param name="flow">Not one of the overflow table, which has no ends.</param>
    /// <exception cref="LibbpfException">The processes were needed and could not be listed.</exception>
    public LinkEnds EndsOf(in FlowKey flow)
    {
        var pod = PodOf(flow);
        return new LinkEnds(
            pod,
            pod == Guid.Empty && IsHost(flow),
            Address.FromMemory(flow.LocalIp),
            Address.FromMemory(flow.RemoteIp),
            flow.ServerPort,
            flow.Role);
    }

    private bool IsHost(in FlowKey flow) => flow.Netns != 0 && flow.Netns == _processes.HostNetns;

    private Guid PodOf(in FlowKey flow)
    {
        var byCgroup = _byCgroup.Of(flow.CgroupId);
        if (byCgroup is { } pod && (pod != Guid.Empty || _socketsShowCgroups))
        {
            return pod;
        }

        return !IsHost(flow) ? _byNetns.Of(flow)
            : flow.CommBytes != UInt128.Zero ? OfHostProcesses(flow.CommBytes)
            : Guid.Empty;
    }

    /// <summary>Empty as well when nobody has the name any more: what the host itself ran may have had it too.</summary>
    private Guid OfHostProcesses(UInt128 comm)
    {
        if (!_byComm.TryGetValue(comm, out var pod))
        {
            _byComm[comm] = pod = PodOfAll(_processes.OfHost(comm));
        }

        return pod;
    }

    private Guid PodOfAll(IEnumerable<ProcessRecord> namesakes)
    {
        var common = Guid.Empty;
        foreach (var process in namesakes)
        {
            if (_processes.CgroupsOf(process) is not { } cgroups)
            {
                continue; // ended meanwhile
            }

            var pod = PodCgroup.OfProcess(cgroups)?.Pod ?? Guid.Empty;
            if (pod == Guid.Empty || (common != Guid.Empty && common != pod))
            {
                return Guid.Empty;
            }

            common = pod;
        }

        return common;
    }
}
