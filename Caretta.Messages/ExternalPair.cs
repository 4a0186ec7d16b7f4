namespace Caretta.Messages;

/// <summary>A local workload and an external that it would have a link of its own with.</summary>
public readonly record struct ExternalPair(Workload Local, Workload External);
