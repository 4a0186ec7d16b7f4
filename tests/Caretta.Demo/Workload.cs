namespace Caretta.Demo;

/// <summary>What somebody would have deployed.</summary>
/// <param name="Kind">Kubernetes' spelling.</param>
/// <param name="Pods">How many of it run.</param>
internal sealed record Workload(string Namespace, string Kind, string Name, int Pods = 1)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
