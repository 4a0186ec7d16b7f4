using Caretta.Messages;

namespace Caretta.Aggregator.Map.Model;

/// <param name="Index">Among the model's workloads.</param>
/// <param name="Namespace">Among the model's namespaces.</param>
internal sealed record MapWorkload(int Index, int Namespace, Workload Workload)
{
    private const string External = "external";

    public string Id { get; } = MapIds.Of(Workload);

    /// <summary>Outside of what is watched: the agents' and the directory's word for it.</summary>
    public bool IsExternal => Workload.Namespace == External;
}
