using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>
/// May these workloads have links of their own with these externals? Asked again about every hour for those in use, and again whenever no
/// answer comes: then the journal is away, or too many wait.
/// </summary>
/// <param name="Id">The asker's, for the answer; a question that waits and is asked again under its id waits once.</param>
internal sealed record AskGrants(ulong Id, IReadOnlyList<GrantPair> Pairs) : IMemberMessage;
