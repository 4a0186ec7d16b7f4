using Akka.Cluster;
using Caretta.Aggregator.Journal.Database;
using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Cluster;

/// <summary>From one that wants to be a member: who are you?</summary>
internal sealed record AskIdentity : IMemberMessage;

/// <param name="Journal">Null: not known yet.</param>
/// <param name="InCluster">It can let others in.</param>
internal sealed record IdentityTold(JournalIdentity? Journal, bool InCluster) : IMemberMessage;

/// <summary>Am I still a member to you?</summary>
/// <param name="Number">Of the question, for the answer.</param>
/// <param name="Asker">With its uid: whoever restarts at the same address is another.</param>
internal sealed record AskMembership(long Number, UniqueAddress Asker) : IMemberMessage;

internal sealed record MembershipTold(long Number, bool IsMember) : IMemberMessage;
