using Caretta.Messages;

namespace Caretta.Aggregator.Directory.Index;

/// <summary>What may have a controller. It is an element of its controller's list of children itself, which is what a list costs least as.</summary>
internal abstract class Owned(Guid uid)
{
    public Guid Uid { get; } = uid;

    /// <summary>What it is called by itself; null for a pod that is called after its controller.</summary>
    public Workload? Self { get; set; }

    public OwnerEntry? Owner { get; set; }

    /// <summary>When the reference to <see cref="Owner"/> was first received.</summary>
    public TimeSpan OwnerSeen { get; set; }

    public Owned? NextSibling { get; set; }

    public Owned? PreviousSibling { get; set; }

    /// <summary>The number of the list that last named it, or after which it last changed.</summary>
    public int List { get; set; }
}
