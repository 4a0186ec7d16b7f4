namespace Caretta.Aggregator.Directory.Watches.Manifests;

/// <param name="Continue">For the next page; null or empty on the last one.</param>
internal sealed record ListMeta(string? ResourceVersion, string? Continue);
