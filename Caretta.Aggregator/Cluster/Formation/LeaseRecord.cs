namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>What the API server holds of the Lease.</summary>
/// <param name="Holder">Empty: it was given back.</param>
/// <param name="Version">Another one after every write, whoever wrote.</param>
internal sealed record LeaseRecord(string Holder, string Version);
