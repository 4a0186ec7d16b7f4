using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>Who controls whom, up to the workload at the top.</summary>
internal sealed class OwnerGraph(History kinds, TimeSpan patience)
{
    /// <summary>Of controllers above each other; Kubernetes' own have two. References are written by whoever may write the object, so they may form a circle.</summary>
    public const int Levels = 8;

    private readonly Dictionary<Guid, OwnerEntry> _owners = [];
    private readonly int[] _count = new int[Enum.GetValues<ObjectKind>().Length];

    public int Count(ObjectKind kind) => _count[(int)kind];

    /// <param name="isNew">Nothing but references was known of it.</param>
    /// <returns>The entry if names below it may be others now.</returns>
    public OwnerEntry? Put(ClusterController told, Workload self, TimeSpan now, out bool isNew)
    {
        if (!_owners.TryGetValue(told.Uid, out var entry) || entry.Self!.Namespace != told.Namespace)
        {
            _owners[told.Uid] = entry = new OwnerEntry(told.Uid, told.Kind, self);
        }

        isNew = !entry.IsTold;
        _count[(int)told.Kind] += entry.Exists ? 0 : 1;
        entry.Tell(told.Kind, entry.Self!.Equals(self) ? entry.Self : self);
        entry.List = kinds[told.Kind].List;
        return Refer(entry, self.Namespace, ControllerKinds.NamedAfter(told.Controller), now) || isNew ? entry : null;
    }

    /// <summary>No name changes by it.</summary>
    public void Delete(Guid uid)
    {
        if (_owners.TryGetValue(uid, out var entry) && entry.Exists)
        {
            _count[(int)entry.Kind!]--;
            entry.Delete();
            ForgetUnlessNeeded(entry);
        }
    }

    /// <summary>Deletes what the last list of that kind did not name.</summary>
    public void Sweep(ObjectKind kind)
    {
        var gone = _owners.Values.Where(owner => owner.Exists && owner.Kind == kind && owner.List != kinds[kind].List);
        foreach (var uid in gone.Select(owner => owner.Uid).ToList())
        {
            Delete(uid);
        }
    }

    /// <param name="reference">Null if it has no controller.</param>
    /// <returns>False if it was so before.</returns>
    public bool Refer(Owned child, string inNamespace, ControllerRef? reference, TimeSpan now)
    {
        if (child.Owner?.Uid == reference?.Uid)
        {
            return false;
        }

        var former = child.Owner;
        former?.Remove(child);
        child.OwnerSeen = now;
        if (reference is not null)
        {
            EntryOf(reference, inNamespace).Add(child);
        }

        ForgetUnlessNeeded(former);
        return true;
    }

    /// <summary>It has no controller any more, or is of no interest itself.</summary>
    public void Release(Owned child)
    {
        var owner = child.Owner;
        owner?.Remove(child);
        ForgetUnlessNeeded(owner);
    }

    /// <summary>The controller at the top, or the object itself.</summary>
    /// <param name="decidedAt">Null if found. Otherwise the time until which a controller is to be waited for that nothing is known of.</param>
    public Owned Top(Owned child, TimeSpan at, out TimeSpan? decidedAt)
    {
        decidedAt = null;
        for (var level = 0; level < Levels && child.Owner is { } owner; level++)
        {
            if (!owner.IsTold)
            {
                decidedAt = WaitsUntil(child, owner) is var until && until > at ? until : null;
                return owner;
            }

            child = owner;
        }

        return child;
    }

    /// <summary>Before its kind has been listed for the first time, nothing follows from a controller's not being known.</summary>
    private TimeSpan WaitsUntil(Owned child, OwnerEntry owner)
    {
        if (owner.Kind is not { } kind || kinds[kind].IsForbidden)
        {
            return TimeSpan.MinValue;
        }

        var listed = kinds[kind].FirstListed;
        return listed == TimeSpan.MaxValue ? listed : (listed > child.OwnerSeen ? listed : child.OwnerSeen) + patience;
    }

    /// <summary>A controller is in the namespace of what it controls. A reference to another's is written by hand, and leads nowhere.</summary>
    private OwnerEntry EntryOf(ControllerRef reference, string inNamespace)
    {
        if (_owners.TryGetValue(reference.Uid, out var known) && known.Self!.Namespace == inNamespace)
        {
            return known;
        }

        var self = new Workload(inNamespace, reference.Kind, reference.Name);
        var entry = new OwnerEntry(reference.Uid, ControllerKinds.Watched(reference.Kind), self);
        _owners.TryAdd(reference.Uid, entry);
        return entry;
    }

    private void ForgetUnlessNeeded(OwnerEntry? entry)
    {
        if (entry is { Exists: false, HasChildren: false })
        {
            if (_owners.TryGetValue(entry.Uid, out var known) && known == entry)
            {
                _owners.Remove(entry.Uid);
            }

            Release(entry);
        }
    }
}
