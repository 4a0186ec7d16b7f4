using Caretta.Messages;

namespace Caretta.Node.Names;

/// <summary>
/// Workloads that stand for something without a name of its own. Their names begin with <c>~</c>, which no Kubernetes object's can,
/// and all of them have namespace and kind <c>external</c>: nothing that is known claims them.
/// </summary>
public static class StandIns
{
    private const string External = "external";

    /// <summary>Both ends of what was counted in the kernel's overflow table: only port and role are known.</summary>
    public static readonly Workload Overflow = new(External, External, "~overflow");

    /// <summary>Both ends of what came when the ledger held all the links it may.</summary>
    public static readonly Workload Other = new(External, External, "~other");

    /// <summary>An end that had a name, perhaps, which nobody remembers: it was used while no directory was there to say.</summary>
    public static readonly Workload Unresolved = new(External, External, "~unresolved");

    /// <summary>The host itself, for what belongs to it but to no process we can tell.</summary>
    public static Workload Node(string name) => new("node", "node", name);

    public static Workload Address(string address) => new(External, External, address);
}
