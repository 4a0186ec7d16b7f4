using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>A controller, from its receipt or the first reference to it on, until it is deleted and nothing refers to it.</summary>
internal sealed class OwnerEntry : Owned
{
    private Owned? _firstChild;

    /// <param name="kind">Null if it is of a kind that is not watched.</param>
    /// <param name="self">As the first reference says.</param>
    public OwnerEntry(Guid uid, ObjectKind? kind, Workload self)
        : base(uid) => (Kind, Self) = (kind, self);

    public ObjectKind? Kind { get; private set; }

    /// <summary>A watch has told of it. Stays so after its deletion: what is below it keeps its name.</summary>
    public bool IsTold { get; private set; }

    /// <summary>Told, and not deleted.</summary>
    public bool Exists { get; private set; }

    public bool HasChildren => _firstChild is not null;

    public void Tell(ObjectKind kind, Workload self) => (Kind, Self, IsTold, Exists) = (kind, self, true, true);

    public void Delete() => Exists = false;

    public void Add(Owned child)
    {
        child.Owner = this;
        child.NextSibling = _firstChild;
        if (_firstChild is { } second)
        {
            second.PreviousSibling = child;
        }

        _firstChild = child;
    }

    public void Remove(Owned child)
    {
        if (child.PreviousSibling is { } previous)
        {
            previous.NextSibling = child.NextSibling;
        }
        else
        {
            _firstChild = child.NextSibling;
        }

        if (child.NextSibling is { } next)
        {
            next.PreviousSibling = child.PreviousSibling;
        }

        (child.Owner, child.NextSibling, child.PreviousSibling) = (null, null, null);
    }

    /// <param name="levels">How far down, so that objects that own each other in a circle do no harm.</param>
    public IEnumerable<PodEntry> Pods(int levels)
    {
        for (var child = _firstChild; child is not null && levels > 0; child = child.NextSibling)
        {
            if (child is PodEntry pod)
            {
                yield return pod;
            }
            else
            {
                foreach (var below in ((OwnerEntry)child).Pods(levels - 1))
                {
                    yield return below;
                }
            }
        }
    }
}
