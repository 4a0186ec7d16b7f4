using Caretta.Aggregator.Directory.Objects;

namespace Caretta.Aggregator.Directory.Index;

/// <param name="Objects">Of each kind, as many as exist.</param>
/// <param name="Addresses">That are claimed, or have been within memory.</param>
/// <param name="Tombstones">Pods that are deleted, and claims that have ended, of which something may still be asked.</param>
internal sealed record IndexCounts(IReadOnlyDictionary<ObjectKind, int> Objects, int Addresses, int Tombstones);
