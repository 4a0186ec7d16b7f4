namespace Caretta.Aggregator.Cluster.Formation;

/// <param name="FoundAfter">Who has peers looks for them at least so long before it begins a cluster.</param>
internal sealed record FormationSettings(TimeSpan FoundAfter);
