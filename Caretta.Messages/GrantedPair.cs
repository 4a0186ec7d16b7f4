namespace Caretta.Messages;

/// <param name="Granted">False: the local workload has as many externals as it may, and this one's links are <c>~other</c>'s.</param>
public readonly record struct GrantedPair(ExternalPair Pair, bool Granted);
