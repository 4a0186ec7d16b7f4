namespace Caretta.Aggregator.Security.Manifests;

internal sealed record TokenUser(string? Username, Dictionary<string, string[]>? Extra);
