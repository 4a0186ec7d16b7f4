using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>What the address book makes of a subject at one time.</summary>
public readonly record struct Resolution
{
    /// <summary>Not known yet: asked, or to be asked.</summary>
    public static readonly Resolution Wait;

    /// <summary>The time is before all memory, and will stay so.</summary>
    public static readonly Resolution Unresolved = new() { IsSettled = true };

    /// <summary>Its holder; null if it has none.</summary>
    public Workload? Holder { get; private init; }

    /// <summary>Nobody in the cluster has it. <see cref="External"/> may say what to call it.</summary>
    public bool IsExternal { get; private init; }

    /// <summary>A better name for the external than its address; null if there is none.</summary>
    public Workload? External { get; private init; }

    /// <summary>It waits for nothing any more.</summary>
    public bool IsSettled { get; private init; }

    public static Resolution HeldBy(Workload holder) => new() { Holder = holder, IsSettled = true };

    public static Resolution OfExternal(Workload? name) => new() { IsExternal = true, External = name, IsSettled = true };
}
