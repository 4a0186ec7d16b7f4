using Caretta.Aggregator.Shards;

namespace Caretta.Aggregator.Directory.Externals;

/// <summary>The answer to <see cref="AskGrants"/>. What is granted in it is in the journal.</summary>
/// <param name="Granted">One for each pair asked for, in that order. A false may become true later, when others have expired.</param>
internal sealed record GrantsGiven(ulong Id, IReadOnlyList<bool> Granted) : IMemberMessage;
