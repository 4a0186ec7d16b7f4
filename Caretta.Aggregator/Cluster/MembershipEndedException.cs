namespace Caretta.Aggregator.Cluster;

/// <summary>The process cannot be a member of the cluster, or no longer is. The message names cause and remedy and is all that is printed.</summary>
public sealed class MembershipEndedException(string message) : Exception(message);
