using Caretta.Aggregator.Journal.Database;

namespace Caretta.Aggregator.Cluster.Formation;

/// <summary>What a peer said of itself.</summary>
/// <param name="Journal">Null: it does not know yet.</param>
/// <param name="InCluster">It is a member, and can let others in.</param>
internal sealed record PeerAnswer(JournalIdentity? Journal, bool InCluster);
