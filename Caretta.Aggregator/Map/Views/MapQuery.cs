namespace Caretta.Aggregator.Map.Views;

/// <summary>What somebody wants to see of the map.</summary>
internal sealed record MapQuery
{
    public const string Everything = "*";
    public const int MostNodes = 1000;
    public const int MostEdges = 3000;
    public const int MostHops = 3;

    public EdgeFilter Filter { get; init; } = EdgeFilter.All;

    /// <summary>Namespaces drawn as their workloads; null: the level is chosen by how much there is.</summary>
    public IReadOnlyCollection<string>? Expanded { get; init; }

    /// <summary>Id of a workload or namespace, to be seen with what is around it.</summary>
    public string? Focus { get; init; }

    public int Hops { get; init; } = 1;

    public int MaxNodes { get; init; } = 300;

    public int MaxEdges { get; init; } = 600;
}
