namespace Caretta.Aggregator.Directory.Objects;

/// <summary>What is kept of an object of the API server.</summary>
/// <param name="Uid">Never used again, also not by an object of the same name.</param>
/// <param name="Namespace">Empty for nodes.</param>
/// <param name="CreatedAt">By the directory's clock; negative if the object is older than the process.</param>
internal abstract record ClusterObject(Guid Uid, string Namespace, string Name, TimeSpan CreatedAt)
{
    public abstract ObjectKind Kind { get; }
}
