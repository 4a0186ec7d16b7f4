namespace Caretta.TestServers.Machines;

/// <summary>A scenario's facts, as the guest tells them.</summary>
/// <param name="Path">How it was counted; null if the agent chose.</param>
/// <param name="Failure">What went wrong; null if nothing did.</param>
/// <param name="Pairs">What the applications moved, and what was counted of it.</param>
public sealed record GuestFacts(string Scenario, string? Path, string? Failure, Dictionary<string, ulong> Numbers, Dictionary<string, ulong[]> Pairs);
