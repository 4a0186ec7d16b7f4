namespace Caretta.Aggregator.Directory.Watches.Manifests;

internal sealed record OwnerReference(string? Kind, string? Name, string? Uid, bool? Controller);
