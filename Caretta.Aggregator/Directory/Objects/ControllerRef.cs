namespace Caretta.Aggregator.Directory.Objects;

/// <summary>The owner reference with <c>controller: true</c>: who manages an object. It may be of a kind that is not watched.</summary>
/// <param name="Kind">In Kubernetes' spelling.</param>
internal sealed record ControllerRef(string Kind, string Name, Guid Uid);
