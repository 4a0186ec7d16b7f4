using Caretta.Node.Kernel;

namespace Caretta.Node.Names;

/// <summary>
/// The pod of a cgroup of version 2. The kernel never gives an id twice and never renames a cgroup, so an answer once given stays true; one
/// that is not found is gone, or hidden from here, and is looked for again after a while.
/// </summary>
internal sealed class PodsByCgroup(Func<IReadOnlyDictionary<ulong, string>> readCgroups, ProcessList processes)
{
    /// <summary>A host has some hundred pods and a few cgroups for each; more pile up only by coming and going.</summary>
    private const int Bound = 16_384;

    private readonly RecentPods<ulong> _pods = new(Bound);
    private readonly HashSet<ulong> _notFound = [];
    private bool _treeRead;

    public long Crowded => _pods.Crowded;

    public void BeginPoll() => _treeRead = false;

    public void EndPeriod()
    {
        _pods.EndPeriod();
        _notFound.Clear();
    }

    /// <returns>Empty for a cgroup that is known and of no pod; null where nothing is known of it.</returns>
    public Guid? Of(ulong id)
    {
        if (id <= CgroupHierarchies.Root || _notFound.Contains(id))
        {
            return null;
        }

        if (!_pods.TryGet(id, out var pod))
        {
            ReadTree();
            if (!_pods.TryGet(id, out pod) && !TryAskProcesses(id, out pod))
            {
                RememberNotFound(id);
                return null;
            }
        }

        _pods.Set(id, pod); // for as long as it is asked for
        return pod;
    }

    private void RememberNotFound(ulong id)
    {
        if (_notFound.Count >= Bound)
        {
            _notFound.Clear();
        }

        _notFound.Add(id);
    }

    /// <summary>All of it is kept, not only what is asked for: a flow may come to be known when its container has ended.</summary>
    private void ReadTree()
    {
        if (_treeRead)
        {
            return;
        }

        _treeRead = true; // once a poll, whatever comes
        foreach (var (id, path) in readCgroups())
        {
            _pods.Set(id, PodCgroup.Of(path)?.Pod ?? Guid.Empty);
        }
    }

    /// <summary>From a container the tree may not show. Version 2 alone is asked: in it processes of many pods may share a cgroup.</summary>
    private bool TryAskProcesses(ulong id, out Guid pod)
    {
        foreach (var process in processes.InCgroup(id))
        {
            if (processes.CgroupsOf(process) is { } cgroups)
            {
                pod = PodCgroup.OfProcessInUnified(cgroups)?.Pod ?? Guid.Empty;
                return true;
            }
        }

        pod = Guid.Empty;
        return false;
    }
}
