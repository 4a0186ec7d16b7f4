namespace Caretta.Messages;

/// <summary>Whether a directory can be asked.</summary>
/// <param name="Enabled">The aggregator watches a cluster at all.</param>
/// <param name="Answers">It has seen all of the cluster once: questions are welcome.</param>
/// <param name="Current">It sees changes as they come: "nobody has it" can be believed.</param>
public readonly record struct DirectoryState(bool Enabled, bool Answers, bool Current);
