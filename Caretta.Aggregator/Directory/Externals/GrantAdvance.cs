namespace Caretta.Aggregator.Directory.Externals;

/// <summary>What became of one workload's grants. An external that expired may be granted again in the same one.</summary>
internal sealed record GrantAdvance(
    ulong Local, IReadOnlyCollection<ulong> Granted, IReadOnlyCollection<ulong> Renewed, IReadOnlyCollection<ulong> Expired);
