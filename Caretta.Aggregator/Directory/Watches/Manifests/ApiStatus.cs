namespace Caretta.Aggregator.Directory.Watches.Manifests;

/// <summary>What the API server says instead of what it was asked for.</summary>
/// <param name="Code">As of HTTP.</param>
internal sealed record ApiStatus(int? Code, string? Reason, string? Message);
