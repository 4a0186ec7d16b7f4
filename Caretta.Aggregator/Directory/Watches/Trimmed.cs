using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Watches;

/// <param name="Object">Null if there is nothing to be made of it.</param>
/// <param name="Flaw">What was not understood and left out, in words for the log; null if all was.</param>
internal readonly record struct Trimmed(ClusterObject? Object, string? Flaw);
