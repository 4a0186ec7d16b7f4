using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>
/// The pod of a network namespace that is not the host's, by the processes in it. The kernel gives the inode number of one that is gone to the
/// next that is made, so a pod that was found once answers only
/// <list type="bullet">
/// <item>while processes are there and the namespace's cookie, which is never given twice, is the same, and</item>
/// <item>when nobody is there any more, for the local addresses the pod had: a successor that came and went unseen has others. Should it have
/// got the same number and the same address, within two periods, its bytes would be taken for its predecessor's.</item>
/// </list>
/// </summary>
internal sealed class PodsByNetns(ProcessList processes)
{
    /// <summary>Network namespaces; and, separately, addresses in them.</summary>
    private const int Bound = 16_384;

    private readonly Dictionary<ulong, Guid> _byCookie = [];
    private readonly RecentPods<(uint Netns, UInt128 Local)> _byAddress = new(Bound);

    public long Crowded => _byAddress.Crowded;

    /// <summary>
    /// A process that only visits (a CNI plugin's, nsenter) may have been taken for the pod while it was the only one there: until now, and
    /// no longer.
    /// </summary>
    public void EndPeriod()
    {
        _byCookie.Clear();
        _byAddress.EndPeriod();
    }

    /// <returns>Empty where no pod is found, or several.</returns>
    public Guid Of(in FlowKey flow)
    {
        var inside = processes.InNetns(flow.Netns);
        if (inside.FirstOrDefault() is not { Pid: not 0 } first)
        {
            return _byAddress.TryGet((flow.Netns, flow.LocalIp), out var gone) ? gone : Guid.Empty;
        }

        if (first.NetnsCookie == 0 || !_byCookie.TryGetValue(first.NetnsCookie, out var pod))
        {
            // Not found is not remembered: the pod's first process may be about to come.
            pod = Find(inside);
            Remember(first.NetnsCookie, pod);
        }

        if (pod != Guid.Empty && !flow.IsLoopback)
        {
            _byAddress.Set((flow.Netns, flow.LocalIp), pod);
        }

        return pod;
    }

    private void Remember(ulong cookie, Guid pod)
    {
        if (cookie == 0 || pod == Guid.Empty)
        {
            return;
        }

        if (_byCookie.Count >= Bound)
        {
            _byCookie.Clear(); // found again by whoever asks
        }

        _byCookie[cookie] = pod;
    }

    private Guid Find(IEnumerable<ProcessRecord> inside)
    {
        var found = Guid.Empty;
        foreach (var process in inside)
        {
            var pod = processes.CgroupsOf(process) is { } cgroups ? PodCgroup.OfProcess(cgroups)?.Pod ?? Guid.Empty : Guid.Empty;
            if (found != Guid.Empty && pod != Guid.Empty && pod != found)
            {
                return Guid.Empty;
            }

            found = pod == Guid.Empty ? found : pod;
        }

        return found;
    }
}
