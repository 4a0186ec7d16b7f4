using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>
/// Which workload has an address, or stands behind a pod, and had it a while ago. Told of by watches, without a clock of its own: every time is
/// the caller's, and times of receipt only go forward. Not for several threads at once.
/// </summary>
internal sealed class WorkloadIndex
{
    /// <summary>After a list of everything the room for changes is given back.</summary>
    private const int RoomToKeep = 10_000;

    private readonly HashSet<Subject> _changed = [];
    private readonly NamespaceNames _namespaces = new();
    private readonly History _history;
    private readonly ClaimTable<Address, AddressClaim> _addresses;
    private readonly OwnerGraph _owners;
    private readonly PodTable _pods;
    private readonly FixedTable _nodes;
    private readonly FixedTable _services;
    private readonly FixedTable _endpoints;
    private readonly TimelineReader _reader;

    public WorkloadIndex(IndexSettings settings)
    {
        _history = new History(settings.Retention);
        _addresses = new ClaimTable<Address, AddressClaim>(settings.Retention, _changed);
        _owners = new OwnerGraph(_history, settings.OwnerPatience);
        _pods = new PodTable(settings, _owners, _addresses, _changed);
        _nodes = new FixedTable(ClaimRank.Running, settings, _addresses, _changed);
        _services = new FixedTable(ClaimRank.Service, settings, _addresses, _changed);
        _endpoints = new FixedTable(ClaimRank.Endpoints, settings, _addresses, _changed);
        _reader = new TimelineReader(settings.Retention, _history);
    }

    public IndexCounts Counts => new(
        Enum.GetValues<ObjectKind>().ToDictionary(kind => kind, CountOf), _addresses.Keys, _addresses.Tombstones + _pods.Tombstones);

    public IReadOnlyList<string> Nodes => [.. _nodes.Names];

    /// <param name="mayHaveMissed">Something may have come and gone unseen before this list.</param>
    public void BeginList(ObjectKind kind, bool mayHaveMissed, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        _history[kind].BeginList(mayHaveMissed);
    }

    /// <summary>Added, changed, or named by a list.</summary>
    public void Put(ClusterObject told, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        var list = _history[told.Kind].List;
        var inNamespace = _namespaces.One(told.Namespace);
        switch (told)
        {
            case ClusterPod pod: _pods.Put(pod, inNamespace, list, now); break;
            case ClusterController controller: _pods.Names.Put(controller, inNamespace, now); break;
            case ClusterNode node: _nodes.Put(node, new Workload("node", "node", node.Name), node.Addresses, list, now); break;
            case ClusterService service: _services.Put(service, Service(inNamespace, service.Name), service.Addresses, list, now); break;
            case ClusterEndpoints endpoints: PutEndpoints(endpoints, inNamespace, list, now); break;
            default: throw new ArgumentException($"{told.GetType()} is of no kind that is watched.", nameof(told));
        }
    }

    /// <summary>What this list did not name is deleted.</summary>
    public void EndList(ObjectKind kind, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        var watch = _history[kind];
        watch.EndList(now);
        switch (kind)
        {
            case ObjectKind.Pod: _pods.Sweep(watch.List, now); break;
            case ObjectKind.Node: _nodes.Sweep(watch.List, now); break;
            case ObjectKind.Service: _services.Sweep(watch.List, now); break;
            case ObjectKind.EndpointSlice: _endpoints.Sweep(watch.List, now); break;
            default: _owners.Sweep(kind); break;
        }

        _pods.Names.WaitAnew(now);
    }

    /// <param name="uid">Nothing happens if it is not known.</param>
    public void Delete(ObjectKind kind, Guid uid, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        switch (kind)
        {
            case ObjectKind.Pod: _pods.Delete(uid, now); break;
            case ObjectKind.Node: _nodes.Delete(uid, now); break;
            case ObjectKind.Service: _services.Delete(uid, now); break;
            case ObjectKind.EndpointSlice: _endpoints.Delete(uid, now); break;
            default: _owners.Delete(uid); break;
        }
    }

    /// <summary>
    /// We may not see this kind: the history does not wait for it, and controllers of it are named as references say. What is known of it stays
    /// until it is listed again.
    /// </summary>
    public void KindUnavailable(ObjectKind kind, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        _history[kind].Forbid();
        _pods.Names.WaitAnew(now);
    }

    /// <summary>It will be listed, or is being listed. The end of a list says so too.</summary>
    public void KindAvailable(ObjectKind kind) => _history[kind].Allow();

    /// <param name="from">The time that is asked for.</param>
    /// <param name="now">Nothing is said of later.</param>
    public Timeline TimelineOf(Subject subject, TimeSpan from, TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        return _reader.Read(subject.IsPod ? _pods.ClaimTo(subject.Pod) : _addresses[subject.Address], from, now);
    }

    /// <summary>Whose timelines may have changed since the last call by what was told, or by <see cref="Expire"/>.</summary>
    public IReadOnlyCollection<Subject> DrainChanged()
    {
        if (_changed.Count == 0)
        {
            return [];
        }

        Subject[] changed = [.. _changed];
        _changed.Clear();
        if (changed.Length > RoomToKeep)
        {
            _changed.TrimExcess();
        }

        return changed;
    }

    /// <summary>Forgets what nothing can be asked of any more, and names pods whose controllers were waited for long enough.</summary>
    public void Expire(TimeSpan now)
    {
        _pods.Names.EndPatience(now);
        _addresses.Expire(now);
        _pods.Expire(now);
    }

    private static Workload Service(string inNamespace, string name) => new(inNamespace, "Service", name);

    /// <summary>Addresses that belong to no service nobody was meant to reach.</summary>
    private void PutEndpoints(ClusterEndpoints told, string inNamespace, int list, TimeSpan now) =>
        _endpoints.Put(told, Service(inNamespace, told.Service), told.Service.Length > 0 ? told.Addresses : [], list, now);

    private int CountOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Pod => _pods.Count,
        ObjectKind.Node => _nodes.Count,
        ObjectKind.Service => _services.Count,
        ObjectKind.EndpointSlice => _endpoints.Count,
        _ => _owners.Count(kind),
    };
}
