namespace Caretta.Node.Kernel;

/// <summary>Something the programs need.</summary>
/// <param name="What">Its name, for a list.</param>
/// <param name="Met">It is there.</param>
/// <param name="Cause">What is in the way, if it is not.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Requirement(string What, bool Met, string Cause, string Remedy);
