namespace Caretta.Messages;

/// <summary>What an operator deployed, or what stands in for it: the unit of the map.</summary>
/// <param name="Namespace">Kubernetes namespace; <c>node</c> or <c>external</c> for what has none.</param>
/// <param name="Kind">Kubernetes' spelling (<c>Deployment</c>), or one of ours in lower case (<c>process</c>, <c>external</c>).</param>
/// <param name="Owner">Shown beside the workload; not part of its identity, so two workloads that differ only here are equal.</param>
public sealed record Workload(string Namespace, string Kind, string Name, string Owner = "")
{
    private ulong _id;

    /// <summary>For <c>with</c>: the copy may differ, so the cached id stays behind.</summary>
    private Workload(Workload original) =>
        (Namespace, Kind, Name, Owner) = (original.Namespace, original.Kind, original.Name, original.Owner);

    /// <summary>Stable across versions and hosts; the value of the <c>client_id</c> and <c>server_id</c> labels.</summary>
    public ulong Id => _id != 0 ? _id : _id = StableHash.Of("workload", Namespace, Kind, Name);

    public bool Equals(Workload? other) =>
        other is not null && Name == other.Name && Namespace == other.Namespace && Kind == other.Kind;

    public override int GetHashCode() => Id.GetHashCode();
}
